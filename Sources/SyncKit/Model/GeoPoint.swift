// Points on the map: how far, and in which direction.

import Glibc

/// A point in ten-millionths of a degree, as change sets carry it. Distances are for people: metres on a sphere of the
/// earth's mean radius, within half a per cent of the truth.
package struct GeoPoint: Hashable, Sendable {
    /// 1e-7 degrees north, within ±900,000,000.
    package let latitude: Int64
    /// 1e-7 degrees east, within ±1,800,000,000.
    package let longitude: Int64

    private static let earthRadiusMetres = 6_371_008.8

    /// Nil for what is not on the earth.
    package init?(latitude: Int64, longitude: Int64) {
        guard (-900_000_000...900_000_000).contains(latitude), (-1_800_000_000...1_800_000_000).contains(longitude)
        else { return nil }
        self.latitude = latitude
        self.longitude = longitude
    }

    /// The point of a location value: `[latitude, longitude, accuracy]`.
    package init?(_ value: CBORValue?) {
        guard case .array(let parts)? = value, parts.count >= 2, let latitude = parts[0].integer,
            let longitude = parts[1].integer
        else { return nil }
        self.init(latitude: latitude, longitude: longitude)
    }

    private var radians: (latitude: Double, longitude: Double) {
        (Double(latitude) * Double.pi / 1.8e9, Double(longitude) * Double.pi / 1.8e9)
    }

    /// The distance in whole metres, by the haversine formula.
    package func metres(to other: GeoPoint) -> Int {
        let (from, to) = (radians, other.radians)
        let north = sin((to.latitude - from.latitude) / 2)
        let east = sin((to.longitude - from.longitude) / 2)
        let square = north * north + cos(from.latitude) * cos(to.latitude) * east * east
        return Int((2 * Self.earthRadiusMetres * asin(min(1, square.squareRoot()))).rounded())
    }

    /// The direction in which the way to another point begins; nil where both are the same.
    package func direction(to other: GeoPoint) -> CompassDirection? {
        guard self != other else { return nil }
        let (from, to) = (radians, other.radians)
        let distance = to.longitude - from.longitude
        let east = sin(distance) * cos(to.latitude)
        let north = cos(from.latitude) * sin(to.latitude) - sin(from.latitude) * cos(to.latitude) * cos(distance)
        let eighths = Int((atan2(east, north) / Double.pi * 4).rounded())
        return CompassDirection(rawValue: UInt8(eighths & 7))
    }
}

/// One of the eight directions, clockwise from north.
package enum CompassDirection: UInt8, CaseIterable, Sendable {
    case north, northEast, east, southEast, south, southWest, west, northWest

    /// The stable name, as `--json` uses it.
    package var name: String { ["N", "NE", "E", "SE", "S", "SW", "W", "NW"][Int(rawValue)] }
}
