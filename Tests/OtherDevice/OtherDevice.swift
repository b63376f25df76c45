// A program that somebody else wrote for a device: signs whatever it is told to, in any field, and asks nothing.
import Foundation
import SyncKit

/// Writes documents with texts that `ward` would not take from a command line into the home of a device, so that tests
/// can let the real `ward` and `ward-server` have them. What a program of ours refuses, another one may send.
///
/// Each line of standard input is a change set: `{"kind": "report", "document": ID or null, "operations": [...]}`, an
/// operation `["set" | "add" | "append", FIELD, VALUE]` or, where the field is keyed, with the key behind it. A value is
/// a text, a number or a list of both. Each line of the answer is the id of the document.
@main
struct OtherDevice {
    struct Unreadable: Error { let what: String }

    static func main() throws {
        guard CommandLine.arguments.count == 2 else {
            FileHandle.standardError.write(Data("usage: other-device HOME <CHANGES\n".utf8))
            exit(64)
        }
        let home = try ReplicaHome.open(at: CommandLine.arguments[1], for: .writing)
        let replica = try Replica(
            opening: home.database, time: SystemTimeSource(), random: SystemRandomSource(), scheme: Ed25519Scheme())
        while let line = readLine() {
            // Nothing is checked before it is signed: that is the ward's to do.
            print(try replica.commit(draft(line), checksEarly: false).document.hex)
        }
        home.release()
    }

    private static func draft(_ line: String) throws -> ChangeSetDraft {
        guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
            let kind = DocumentKind.allCases.first(where: { $0.name == object["kind"] as? String }),
            let operations = object["operations"] as? [[Any]]
        else { throw Unreadable(what: line) }
        var draft = ChangeSetDraft(kind: kind, document: (object["document"] as? String).flatMap { Digest(hex: $0) })
        for parts in operations {
            guard parts.count >= 3, let verb = parts[0] as? String, let name = parts[1] as? String,
                let spec = Schema.field(kind, named: name)
            else { throw Unreadable(what: "\(parts)") }
            let key = parts.count > 3 ? (parts[3] as? Int).flatMap { UInt32(exactly: $0) } : nil
            let slot = Slot(field: spec.code, key: key)
            switch verb {
            case "set": draft.perform(.set(slot), try value(parts[2]))
            case "add": draft.perform(.add(slot), try value(parts[2]))
            case "append": draft.perform(.append(slot), try value(parts[2]))
            default: throw Unreadable(what: verb)
            }
        }
        return draft
    }

    private static func value(_ any: Any) throws -> CBORValue {
        switch any {
        case let text as String: return .text(text)
        case let number as Int: return CBORValue(Int64(number))
        case let list as [Any]: return .array(try list.map(value))
        default: throw Unreadable(what: "\(any)")
        }
    }
}
