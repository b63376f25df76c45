// Schedules that found something once, and a few that always hold.

import Simulation
import Testing

@Suite struct ReplayTests {
    @Test(arguments: 1...20)
    func aScheduleHolds(index: Int) {
        let failure = Runner.replay(Runner.seed(index, of: 1), worker: index).failure
        #expect(failure == nil, "simulate --replay \(failure?.seed ?? 0): \(failure?.text ?? "")")
    }
}
