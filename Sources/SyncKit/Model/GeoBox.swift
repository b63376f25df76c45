// The latitudes and longitudes around a point, for an index to search between.

import Glibc

extension GeoPoint {
    /// The latitudes and longitudes that everything within a distance lies between; wider where they would wrap.
    package func box(radiusMetres: Int) -> (latitudes: ClosedRange<Int64>, longitudes: ClosedRange<Int64>) {
        let metresPerDegree = 111_195.0
        let metres = Double(min(max(radiusMetres, 0), 1_000_000)) + 1
        let north = Int64(metres / metresPerDegree * 1e7) + 1
        // The meridians come closer away from the equator: as close as at the end of the box.
        let end = min(Double(latitude.magnitude) + Double(north), 9e8) / 1.8e9 * Double.pi
        let width = metres / metresPerDegree / max(cos(end), 0.000_1) * 1.01
        let east = width >= 180 ? 3_600_000_000 : Int64(width * 1e7) + 1
        return (latitude - north...latitude + north, longitude - east...longitude + east)
    }
}
