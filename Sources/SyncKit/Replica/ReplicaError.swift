// What a replica can refuse, in a form that a program turns into sentences.

/// Why a replica did not do what was asked. What was saved before stays saved.
package struct ReplicaError: Error, Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        /// The store failed.
        case store(StoreError)
        /// There is a replica at this place already.
        case alreadyThere
        /// Not a descriptor, or its signature does not hold.
        case badDescriptor
        /// No document has an id that begins so.
        case notFound(String)
        /// Several documents have ids that begin so.
        case ambiguous(String, [Digest])
        /// The ward's rules do not allow it; the same check as the server's, made early.
        case refused(RefusalCode)
        /// The action does not fit one change set.
        case change(ChangeSetError)
        /// What the ward sent does not verify or does not fit.
        case badAnswer(String)
        /// The ward shows another log than it signed before; nothing of its answer was applied.
        case logFault(LogFault)
        /// The ward's log does not go on from the tree that this device held, which is dropped: the next answer has to
        /// show it whole.
        case otherTree
        /// The ward answered with a refusal.
        case refusedByWard(SyncRefusal)
        /// There is no such conflict any more.
        case noConflict
    }

    package var reason: Reason

    package init(_ reason: Reason) { self.reason = reason }
}

extension Database {
    /// A transaction whose failures are the replica's.
    func replicaTransaction<Result>(_ body: () throws(ReplicaError) -> Result) throws(ReplicaError) -> Result {
        try transaction(body) { ReplicaError(.store($0)) }
    }
}

/// Runs what touches the store and passes its failure on as the replica's.
func inStore<Result>(_ body: () throws(StoreError) -> Result) throws(ReplicaError) -> Result {
    do { return try body() } catch { throw ReplicaError(.store(error)) }
}
