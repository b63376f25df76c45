// The Vietnamese lunar calendar from the new moons and the sun's longitude, to hold the table of holidays to.
import Glibc

/// Hồ Ngọc Đức's algorithm (after Meeus, "Astronomical Algorithms") for UTC+7, in the years around 2000.
enum LunarCalendar {
    private static let epoch = 2_415_021.076998695
    private static let month = 29.530588853

    /// The Julian day number of the solar day on which a lunar day of a month that is no leap month falls.
    static func julianDay(day: Int, month lunarMonth: Int, year: Int) -> Int {
        let first = eleventhMonth(lunarMonth < 11 ? year - 1 : year)
        let second = eleventhMonth(lunarMonth < 11 ? year : year + 1)
        var offset = lunarMonth - 11
        if offset < 0 { offset += 12 }
        if second - first > 365, offset >= leapOffset(first) { offset += 1 }
        let count = Int(floor(0.5 + (Double(first) - epoch) / month))
        return newMoon(count + offset) + day - 1
    }

    /// The day of the k-th new moon after that of 01/01/1900.
    private static func newMoon(_ k: Int) -> Int {
        let k = Double(k)
        let t = k / 1236.85
        let radians = Double.pi / 180
        let mean =
            2_415_020.75933 + 29.53058868 * k + 0.0001178 * t * t - 0.000000155 * t * t * t
            + 0.00033 * sin((166.56 + 132.87 * t - 0.009173 * t * t) * radians)
        let sun = (359.2242 + 29.10535608 * k - 0.0000333 * t * t - 0.00000347 * t * t * t) * radians
        let moon = (306.0253 + 385.81691806 * k + 0.0107306 * t * t + 0.00001236 * t * t * t) * radians
        let node = (21.2964 + 390.67050646 * k - 0.0016528 * t * t - 0.00000239 * t * t * t) * radians
        var change = (0.1734 - 0.000393 * t) * sin(sun) + 0.0021 * sin(2 * sun)
        change += -0.4068 * sin(moon) + 0.0161 * sin(2 * moon) - 0.0004 * sin(3 * moon)
        change += 0.0104 * sin(2 * node) - 0.0051 * sin(sun + moon) - 0.0074 * sin(sun - moon)
        change += 0.0004 * sin(2 * node + sun) - 0.0004 * sin(2 * node - sun) - 0.0006 * sin(2 * node + moon)
        change += 0.0010 * sin(2 * node - moon) + 0.0005 * sin(2 * moon + sun)
        let delta = -0.000278 + 0.000265 * t + 0.000262 * t * t
        return Int(floor(mean + change - delta + 0.5 + 7.0 / 24))
    }

    /// In which twelfth of its way the sun stands at the beginning of a day.
    private static func sunTwelfth(_ day: Int) -> Int {
        let t = (Double(day) - 2_451_545.5 - 7.0 / 24) / 36525
        let radians = Double.pi / 180
        let m = (357.52910 + 35999.05030 * t - 0.0001559 * t * t - 0.00000048 * t * t * t) * radians
        let mean = 280.46645 + 36000.76983 * t + 0.0003032 * t * t
        let centre =
            (1.914600 - 0.004817 * t - 0.000014 * t * t) * sin(m) + (0.019993 - 0.000101 * t) * sin(2 * m)
            + 0.000290 * sin(3 * m)
        let longitude = (mean + centre) * radians
        return Int((longitude - 2 * Double.pi * floor(longitude / (2 * Double.pi))) / Double.pi * 6)
    }

    /// The first day of the month that holds the winter solstice.
    private static func eleventhMonth(_ year: Int) -> Int {
        let end = julianDay(year: year, month: 12, day: 31) - 2_415_021
        let k = Int(Double(end) / month)
        let found = newMoon(k)
        return sunTwelfth(found) >= 9 ? newMoon(k - 1) : found
    }

    /// How many months after the eleventh the leap month stands: the first in which the sun changes no twelfth.
    private static func leapOffset(_ first: Int) -> Int {
        let k = Int(floor((Double(first) - epoch) / month + 0.5))
        var last = 0
        var offset = 1
        var twelfth = sunTwelfth(newMoon(k + offset))
        repeat {
            last = twelfth
            offset += 1
            twelfth = sunTwelfth(newMoon(k + offset))
        } while twelfth != last && offset < 14
        return offset - 1
    }

    private static func julianDay(year: Int, month: Int, day: Int) -> Int {
        let a = (14 - month) / 12
        let y = year + 4800 - a
        return day + (153 * (month + 12 * a - 3) + 2) / 5 + 365 * y + y / 4 - y / 100 + y / 400 - 32045
    }
}
