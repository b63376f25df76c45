// What a device knows of the people who work in its areas, and of what they got done.

/// A device of somebody who works for the ward.
package struct Member: Sendable, Hashable {
    package let device: DeviceID
    package let role: Role
    package let name: String
    /// Where the person works; empty for somebody who does not any more.
    package let areas: [String]
    /// The newest of what the person did and this device knows of; seconds since 1970.
    package let lastActive: Int64?

    package init(device: DeviceID, role: Role, name: String, areas: [String], lastActive: Int64?) {
        self.device = device
        self.role = role
        self.name = name
        self.areas = areas
        self.lastActive = lastActive
    }
}

/// How many tasks of an area stand where.
package struct AreaWork: Sendable, Hashable {
    package var area: String
    package var open = 0
    package var claimed = 0
    package var doing = 0
    package var waitsForVerification = 0
    package var overdue = 0

    package init(area: String) { self.area = area }
}

/// A task that was finished: where, when and by whom.
package struct FinishedTask: Sendable, Hashable {
    package let area: String
    package let by: DeviceID
    package let at: Int64
}

extension LocalDocuments {
    /// Who works in the areas that this device reads, by name.
    package func members() throws(ReplicaError) -> [Member] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                """
                SELECT d.key,d.role,d.name,d.areas,(SELECT c.effective>>16 FROM changes c
                WHERE c.device=d.number AND c.verdict=1 ORDER BY c.sequence DESC LIMIT 1)
                FROM devices d WHERE d.role>1 AND d.areas<>'' ORDER BY d.name,d.number
                """)
            defer { statement.reset() }
            var members: [Member] = []
            while try statement.step() {
                guard let key = statement.digest(0),
                    let role = Role(rawValue: UInt8(truncatingIfNeeded: statement.integer(1)))
                else { continue }
                members.append(
                    Member(
                        device: DeviceID(key), role: role, name: statement.text(2),
                        areas: statement.text(3).split(separator: "\n").map(String.init),
                        lastActive: statement.isNull(4) ? nil : statement.integer(4)))
            }
            return members
        }
    }

    /// How many unfinished tasks every area has, and how many wait to be verified.
    package func workByArea(now: Int64) throws(ReplicaError) -> [AreaWork] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                """
                SELECT d.area,d.status,d.holder>0,d.sort<?1,count(*) FROM documents d INDEXED BY documents_tasks
                WHERE d.kind=2 AND d.hidden=0 AND d.status IN (1,2,3) GROUP BY 1,2,3,4 ORDER BY 1
                """
            ).bind(1, TaskOrder.sort(due: now, priority: 0))
            defer { statement.reset() }
            var areas: [AreaWork] = []
            while try statement.step() {
                let area = statement.text(0)
                let count = Int(statement.integer(4))
                if areas.last?.area != area { areas.append(AreaWork(area: area)) }
                var work = areas.removeLast()
                switch (statement.integer(1), statement.integer(2) != 0) {
                case (1, false): work.open += count
                case (1, true): work.claimed += count
                case (2, _): work.doing += count
                default: work.waitsForVerification += count
                }
                if statement.integer(1) < 3, statement.integer(3) != 0 { work.overdue += count }
                areas.append(work)
            }
            return areas
        }
    }

    /// How many tasks each device holds that are not finished.
    package func heldTasks() throws(ReplicaError) -> [DeviceID: Int] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                """
                SELECT h.key,count(*) FROM documents d INDEXED BY documents_tasks JOIN devices h ON h.number=d.holder
                WHERE d.kind=2 AND d.hidden=0 AND d.status IN (1,2) AND d.holder>0 GROUP BY d.holder
                """)
            defer { statement.reset() }
            var counts: [DeviceID: Int] = [:]
            while try statement.step() {
                if let key = statement.digest(0) { counts[DeviceID(key)] = Int(statement.integer(1)) }
            }
            return counts
        }
    }

    /// The tasks that were finished since a moment and not taken up again.
    package func finishedTasks(since: Int64) throws(ReplicaError) -> [FinishedTask] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                """
                SELECT d.state FROM documents d INDEXED BY documents_finished
                WHERE d.kind=2 AND d.hidden=0 AND d.status IN (3,4) AND d.updated>=?1 AND d.state IS NOT NULL
                """
            ).bind(1, since)
            defer { statement.reset() }
            var found: [FinishedTask] = []
            while try statement.step() {
                guard let state = try? DocumentState(stored: statement.bytes(0)), let step = state.lastStep(to: 3),
                    step.effective.seconds >= since
                else { continue }
                found.append(
                    FinishedTask(
                        area: state.areas.first ?? "", by: step.dot.device, at: step.effective.seconds))
            }
            return found
        }
    }

    /// The units of an area that are in force at a moment, by code; the area itself is not among them.
    package func units(of area: String, at now: Int64) throws(ReplicaError) -> [(code: String, name: String)] {
        try inStore { () throws(StoreError) in
            let statement = try database.prepare(
                "SELECT d.state FROM documents d WHERE d.kind=8 AND d.hidden=0 AND d.detail LIKE ?1||'.%'"
            ).bind(1, area)
            defer { statement.reset() }
            var units: [(code: String, name: String)] = []
            while try statement.step() {
                guard !statement.isNull(0), let state = try? DocumentState(stored: statement.bytes(0)),
                    let code = state.text(AreaField.code)
                else { continue }
                if let end = state.value(AreaField.validTo)?.integer, end < now { continue }
                units.append((code, state.text(AreaField.name) ?? code))
            }
            return units.sorted { Array($0.code.utf8).lexicographicallyPrecedes(Array($1.code.utf8)) }
        }
    }
}
