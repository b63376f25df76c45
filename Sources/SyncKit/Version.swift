/// The version of SyncKit, of the programs built on it, and of the documents beside them.
public let wardSyncVersion = "0.1.0"
