// What is fuzzed: every decoder that reads what somebody else wrote.
@testable import SyncKit

/// One decoder, or a family of them that reads the same kind of bytes.
///
/// A target does more than not to crash: what is accepted has to encode to what was read, or to be read again alike.
enum FuzzTarget: String, CaseIterable {
    /// Deterministic CBOR, as a tree and skipped.
    case cbor
    /// Change sets, headers, skeletons and values.
    case changeset
    /// Frames of change sets: the columns as they are.
    case frame
    /// Blocks of a body, requests, join requests, refusals.
    case request
    /// Answer frames and evidence.
    case answer
    /// States of documents in columns.
    case states
    /// Grants, descriptors, checkpoints, statements of epochs, keys and successions, log records, locks.
    case object
    /// Receipts, contradictions and proofs of forks, as bytes and as files of text.
    case proof
    /// Parts of bundles, the texts of QR codes, what is in a return, and the ward's word on a part.
    case bundle
    /// Heads of HTTP requests.
    case http
    /// What a browser sends to the console: forms, percent-encoding, cookies.
    case form
    /// What an operator is handed: prepared orders, what stands at the head of a backup; requests of the local socket.
    case handed
    /// What is sealed to the ward's key, and the words of evidence in it.
    case sealed
    /// The lists of a ward's settings.
    case settings
    /// Import rows in CSV, in any encoding.
    case csv
    /// Import rows in JSON.
    case json
    /// zstd frames, with and without a dictionary.
    case zstd
    /// Files: attachments, parts, wishes, needs; pictures with their notes and without.
    case content
    /// What people type: base 32, look-up codes, dossier codes, invitations, days, moments, searches.
    case codes
    /// Text for a terminal and for CSV.
    case text

    /// The one that this process fuzzes; set before the first input.
    nonisolated(unsafe) static var chosen = FuzzTarget.cbor

    func run(_ bytes: Bytes) {
        switch self {
        case .cbor: fuzzCBOR(bytes)
        case .changeset: fuzzChangeSet(bytes)
        case .frame: fuzzFrame(bytes)
        case .request: fuzzRequest(bytes)
        case .answer: fuzzAnswer(bytes)
        case .states: fuzzStates(bytes)
        case .object: fuzzObject(bytes)
        case .proof: fuzzProof(bytes)
        case .bundle: fuzzBundle(bytes)
        case .http: fuzzHTTP(bytes)
        case .form: fuzzForm(bytes)
        case .handed: fuzzHanded(bytes)
        case .sealed: fuzzSealed(bytes)
        case .settings: fuzzSettings(bytes)
        case .csv: fuzzCSV(bytes)
        case .json: fuzzJSON(bytes)
        case .zstd: fuzzZstd(bytes)
        case .content: fuzzContent(bytes)
        case .codes: fuzzCodes(bytes)
        case .text: fuzzText(bytes)
        }
    }
}

/// A promise of a decoder. libFuzzer keeps the input that breaks it.
func promise(_ holds: @autoclosure () -> Bool, _ words: StaticString) {
    precondition(holds(), "\(words)")
}

/// Takes every signature of the right length, so that what stands behind a signature is reached.
struct AnySignature: SignatureScheme {
    func sign(_ message: Bytes, secret: SecretBytes) -> Bytes { Bytes(repeating: 0, count: Signatures.byteCount) }

    func verify(signatureAt offset: Int, in bytes: Bytes, message: Bytes, publicKey: Digest) -> Bool {
        Signatures.fits(at: offset, in: bytes)
    }
}

/// The keys that the corpus was signed with: those of `docs/vectors`.
enum KnownKeys {
    static let signing = [
        digest("31c24a026d4179fd582fbe2c6298a8f8cb1f62c7bc2ccc48481062545a999027"),
        digest("540f4b4496608b2568096b24b0c9c6be8fc2cfe29f1f9c897214f61b04357d9c"),
    ]
    /// Of the ward of `keys.json`.
    static let firstWard = digest("4628285d52f9580eeda984356e1ac986e48d4f825f50cccd13d4e5dfd20c285b")
    static let root = digest("2dc0175c95cb44f80c19f9d54706b4aec567c0f0e4215c19b836529e76d29481")
    /// The ward of `exchange.json`.
    static let ward = Blake2b.hash(root.bytes)

    private static func digest(_ hex: String) -> Digest { Digest(hex: hex) ?? .zero }
}
