// Hybrid time: never backwards, never a trap.

import Testing

@testable import SyncKit

@Suite struct HybridClockTests {
    @Test func aMomentHoldsSecondsAndACounter() {
        let time = HybridTime(seconds: 1_773_279_000, counter: 5)
        #expect(time.seconds == 1_773_279_000)
        #expect(time.counter == 5)
        #expect(time.rawValue == 1_773_279_000 << 16 | 5)
        #expect(HybridTime.zero < time)
        #expect(HybridTime(seconds: -5, counter: 1) == HybridTime(seconds: 0, counter: 1))
        #expect(HybridTime(seconds: .min, counter: 0) == .zero)
        #expect(HybridTime(seconds: .max, counter: 0).seconds == 1 << 47 - 1)
        #expect(HybridTime(rawValue: .max).seconds == 1 << 48 - 1)
    }

    @Test func theClockNeverGoesBackwards() {
        var clock = HybridClock(last: .zero)
        #expect(clock.next(now: 100) == HybridTime(seconds: 100, counter: 0))
        #expect(clock.next(now: 100) == HybridTime(seconds: 100, counter: 1))
        #expect(clock.next(now: 40) == HybridTime(seconds: 100, counter: 2))
        #expect(clock.next(now: 101) == HybridTime(seconds: 101, counter: 0))
        #expect(clock.next(now: .min) == HybridTime(seconds: 101, counter: 1))
    }

    @Test func aFullCounterRunsOverIntoTheNextSecond() {
        var clock = HybridClock(last: HybridTime(seconds: 9, counter: .max))
        #expect(clock.next(now: 9) == HybridTime(seconds: 10, counter: 0))
    }

    @Test func theLastMomentOfAllIsNoTrap() {
        var clock = HybridClock(last: HybridTime(rawValue: .max))
        #expect(clock.next(now: .max) == HybridTime(rawValue: .max))
    }

    @Test func anyClockReadingGivesALaterMoment() {
        var chance = SeededChance("hybrid clock")
        var clock = HybridClock(last: .zero)
        for _ in 0..<10_000 {
            let before = clock.last
            let now = Int64(bitPattern: chance.next()) >> Int64(chance.below(64))
            let moment = clock.next(now: now)
            #expect(moment > before)
            #expect(moment.seconds >= min(now, 1 << 47 - 1))
        }
    }

    @Test func aManualClockMovesOnlyWhenItIsMoved() {
        let clock = ManualTimeSource(seconds: 10)
        #expect(clock.nowSeconds() == 10)
        clock.advance(seconds: 5)
        clock.advance(seconds: -1)
        #expect(clock.nowSeconds() == 14)
        clock.set(seconds: .max)
        clock.advance(seconds: 1)
        #expect(clock.nowSeconds() == .max)
        clock.set(seconds: .min)
        clock.advance(seconds: -1)
        #expect(clock.nowSeconds() == .min)
    }

    @Test func theSystemKnowsThatItIsLaterThan2024() { #expect(SystemTimeSource().nowSeconds() > 1_704_067_200) }
}
