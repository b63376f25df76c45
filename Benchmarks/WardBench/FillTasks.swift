// Fills a home with tasks that the ward accepted, for timing lists.

import Foundation
import SyncKit

/// Makes a home whose replica holds `count` accepted tasks of its areas, and returns their titles.
func fillTasks(home: String, count: Int) throws -> [String] {
    guard !home.isEmpty else { throw BenchError.usage }
    throw BenchError.failed("fill-tasks needs the home layout")
}
