// Open reports near each other, which may be about the same thing.

/// Two open reports that may be about the same thing.
struct LikePair: Hashable {
    let newer: Int64
    let older: Int64
    let category: String
    let metres: Int
}

extension LocalDocuments {
    /// Open reports of one category within a distance of each other, filed within 30 days.
    /// - Parameter few: up to so many open reports are compared each with each.
    func likePairs(radiusMetres: Int, limit: Int, few: Int64 = 1500) throws(ReplicaError) -> [LikePair] {
        let north = Int64(radiusMetres) * 90 + 100
        return try inStore { () throws(StoreError) in
            let waiting = "reports INDEXED BY reports_waiting WHERE waiting=1"
            let open = try database.integer("SELECT count(*) FROM \(waiting)") ?? 0
            // Few open ones are compared with each other. By the place, closed ones would be looked at too, and of these
            // there are more each year.
            let (list, others) =
                open <= few
                ? (
                    """
                    WITH w AS MATERIALIZED (SELECT document,category,latitude,longitude,filed,waiting FROM \(waiting)
                    AND latitude IS NOT NULL)
                    """, "w a JOIN w b"
                )
                : ("", "reports a INDEXED BY reports_waiting JOIN reports b INDEXED BY reports_near")
            // The meridians are closer than the parallels: twice as wide is enough up to 60 degrees of latitude.
            let statement = try database.prepare(
                """
                \(list)
                SELECT a.document,b.document,a.category,a.latitude,a.longitude,b.latitude,b.longitude,a.filed,b.filed
                FROM \(others)
                ON b.category=a.category AND b.latitude BETWEEN a.latitude-?1 AND a.latitude+?1
                AND b.longitude BETWEEN a.longitude-2*?1 AND a.longitude+2*?1
                AND b.filed BETWEEN a.filed-?2 AND a.filed AND b.latitude IS NOT NULL
                WHERE a.waiting=1 AND b.waiting=1 AND a.latitude IS NOT NULL AND b.document<>a.document
                AND (b.filed<a.filed OR b.document<a.document) LIMIT ?3
                """
            ).bind(1, north).bind(2, Self.likeSeconds).bind(3, Int64(limit))
            defer { statement.reset() }
            var found: [LikePair] = []
            while try statement.step() {
                guard let one = GeoPoint(latitude: statement.integer(3), longitude: statement.integer(4)),
                    let other = GeoPoint(latitude: statement.integer(5), longitude: statement.integer(6))
                else { continue }
                found.append(
                    LikePair(
                        newer: statement.integer(0), older: statement.integer(1), category: statement.text(2),
                        metres: one.metres(to: other)))
            }
            return found
        }
    }

    private static var likeSeconds: Int64 { 30 * 86_400 }
}
