import Testing

@testable import SyncKit

@Test func theVersionIsNamed() { #expect(wardSyncVersion.isEmpty == false) }
