// Guessing at the second secrets of dossiers: how often a wrong one is answered (docs/limits.md).

extension WardCore {
    /// Wrong second secrets for one dossier within a day, from whomever. Second secrets are short: without a bound a
    /// few devices would try all of them.
    package static let wrongSecretsPerDossier: Int64 = 20
    /// Wrong second secrets of one device within a day, for whatever dossier.
    package static let wrongSecretsPerDevice: Int64 = 20
    private static let guessWindowSeconds: Int64 = 86_400

    /// Whether a second secret is still compared. Beyond the bounds even the right one is refused, so that an answer
    /// tells nothing.
    func mayTry(_ code: String, _ document: WardDocument) throws(StoreError) -> Bool {
        let since = wardTime - Self.guessWindowSeconds
        let ofDossier = try database.prepare("SELECT count(*) FROM wrong_secrets WHERE code=?1 AND time>?2")
            .bind(1, code).bind(2, since)
        defer { ofDossier.reset() }
        guard try ofDossier.step(), ofDossier.integer(0) < Self.wrongSecretsPerDossier else { return false }
        let ofDevice = try database.prepare("SELECT count(*) FROM wrong_secrets WHERE device=?1 AND time>?2")
            .bind(1, try tables.deviceNumber(document.creation.device)).bind(2, since)
        defer { ofDevice.reset() }
        return try ofDevice.step() && ofDevice.integer(0) < Self.wrongSecretsPerDevice
    }

    /// Notes that a look-up had the wrong secret; what is older than the window is forgotten.
    func noteWrongSecret(_ code: String, _ document: WardDocument) throws(StoreError) {
        try database.prepare("DELETE FROM wrong_secrets WHERE time<=?1").bind(1, wardTime - Self.guessWindowSeconds)
            .run()
        try database.prepare("INSERT OR IGNORE INTO wrong_secrets(document,code,device,time) VALUES(?1,?2,?3,?4)")
            .bind(1, document.id).bind(2, code).bind(3, try tables.deviceNumber(document.creation.device))
            .bind(4, wardTime).run()
    }
}
