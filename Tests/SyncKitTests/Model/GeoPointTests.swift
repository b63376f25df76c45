// Distances and directions against places whose distance is known.

import Testing

@testable import SyncKit

@Suite struct GeoPointTests {
    /// 1e-7 degrees.
    static func point(_ latitude: Double, _ longitude: Double) throws -> GeoPoint {
        try #require(
            GeoPoint(latitude: Int64((latitude * 1e7).rounded()), longitude: Int64((longitude * 1e7).rounded())))
    }

    /// From, to, kilometres by the great circle, direction.
    @Test(arguments: [
        // Hồng Gai – Hà Nội (Hoàn Kiếm), Hà Nội – Hồ Chí Minh City, Hà Nội – Đà Nẵng, Đông Hà – Huế.
        (20.9511, 107.0734, 21.0285, 105.8542, 126.9, CompassDirection.west),
        (21.0285, 105.8542, 10.7769, 106.7009, 1143.6, .south),
        (21.0285, 105.8542, 16.0544, 108.2022, 606.3, .southEast),
        (16.8163, 107.1003, 16.4637, 107.5909, 65.4, .southEast),
        // A degree of latitude, and one of longitude on the equator.
        (0, 0, 1, 0, 111.195, .north), (0, 0, 0, 1, 111.195, .east),
        // Over the date line, and half around the earth.
        (0, 179.5, 0, -179.5, 111.195, .east), (90, 0, -90, 0, 20_015.1, .south),
    ])
    func distanceAndDirectionAreThoseOfTheGreatCircle(
        latitude: Double, longitude: Double, toLatitude: Double, toLongitude: Double, kilometres: Double,
        direction: CompassDirection
    ) throws {
        let from = try Self.point(latitude, longitude)
        let to = try Self.point(toLatitude, toLongitude)
        let metres = Double(from.metres(to: to))
        #expect(abs(metres / 1000 - kilometres) < max(0.5, kilometres * 0.005), "\(metres)")
        #expect(from.metres(to: to) == to.metres(to: from))
        #expect(from.direction(to: to) == direction)
    }

    @Test func theEightDirectionsAreFoundAroundAPoint() throws {
        let here = try Self.point(20.9511, 107.0734)
        // A degree of longitude is shorter here than one of latitude.
        let east = 0.01 / 0.934
        let around: [(Double, Double, CompassDirection)] = [
            (0.01, 0, .north), (0.01, east, .northEast), (0, east, .east), (-0.01, east, .southEast),
            (-0.01, 0, .south),
            (-0.01, -east, .southWest), (0, -east, .west), (0.01, -east, .northWest),
        ]
        for (north, east, direction) in around {
            #expect(here.direction(to: try Self.point(20.9511 + north, 107.0734 + east)) == direction)
        }
        #expect(here.direction(to: here) == nil && here.metres(to: here) == 0)
    }

    @Test func whatIsNotOnTheEarthIsNoPoint() {
        #expect(GeoPoint(latitude: 900_000_001, longitude: 0) == nil)
        #expect(GeoPoint(latitude: 0, longitude: -1_800_000_001) == nil)
        #expect(GeoPoint(latitude: .min, longitude: .max) == nil)
        #expect(GeoPoint(.array([.unsigned(.max), .unsigned(0)])) == nil)
        #expect(GeoPoint(.array([.unsigned(1)])) == nil && GeoPoint(.null) == nil && GeoPoint(nil) == nil)
        #expect(GeoPoint(.array([.unsigned(7), .negative(-7), .unsigned(10)]))?.longitude == -7)
    }

    @Test func anyTwoPointsHaveADistanceOfAtMostHalfAroundTheEarth() throws {
        var chance = SeededChance("points")
        for _ in 0..<5000 {
            func any() throws -> GeoPoint {
                try #require(
                    GeoPoint(
                        latitude: Int64(chance.below(1_800_000_001)) - 900_000_000,
                        longitude: Int64(chance.below(3_600_000_001)) - 1_800_000_000))
            }
            let (first, second) = (try any(), try any())
            #expect((0...20_015_200).contains(first.metres(to: second)))
        }
    }
}
