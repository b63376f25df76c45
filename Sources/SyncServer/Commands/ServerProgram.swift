// The program ward-server as plain data: its commands, their arguments and options.
import CommandLineKit
import SyncKit

/// What ward-server can run.
enum ServerCommand: Int {
    case initialize, descriptor, serve
    case invite, devices, revoke
    case importAreas, importProcedures, importDossiers
    case status, held, release, decline, doctor
    case settingsList, settingsShow, settingsSet, settingsReset, stats
    case importPlaces
    case backup, restore, recoveryKey
    case audit
    case consoleLink, consolePassphraseSet, consolePassphraseRemove
    case inboxList, quarantineList, quarantineShow, quarantineRelease, quarantineDecline
    case forksList, forksShow, forksExport, forksConfirm
    case keysShow, keysRotate, keysExportRoot, keysImportRoot
    case completeness
    case bundleImport, bundleExport, bundleList
}

/// The command line of ward-server.
enum ServerProgram {
    static let defaultListen = "127.0.0.1:8440"
    static let defaultAddress = "http://127.0.0.1:8440"

    /// Runs the program.
    static func run(_ arguments: some Collection<String>) -> ExitCode {
        spec.run(arguments) { command, parsed, terminal throws(ErrorReport) in
            guard let which = ServerCommand(rawValue: command.run) else { return .usage }
            let home = WardHome(parsed.globals.home ?? WardHome.standard(Environment.value))
            let run = CommandRun(parsed: parsed, terminal: terminal, home: home)
            switch which {
            case .initialize: return try run.initialize()
            case .descriptor: return try run.descriptor()
            case .serve: return try run.serve()
            case .invite: return try run.invite()
            case .devices: return try run.devices()
            case .revoke: return try run.revoke()
            case .importAreas: return try run.importFiles(.areas)
            case .importProcedures: return try run.importFiles(.procedures)
            case .importDossiers: return try run.importFiles(.dossiers)
            case .status: return try run.status()
            case .held: return try run.held()
            case .release: return try run.decide(release: true)
            case .decline: return try run.decide(release: false)
            case .doctor: return try run.doctor()
            case .settingsList: return try run.settingsList()
            case .settingsShow: return try run.settingsShow()
            case .settingsSet: return try run.settingsSet()
            case .settingsReset: return try run.settingsReset()
            case .stats: return try run.stats()
            case .importPlaces: return try run.importFiles(.places)
            case .backup: return try run.backup()
            case .restore: return try run.restore()
            case .recoveryKey: return try run.recoveryKey()
            case .audit: return try run.audit()
            case .consoleLink: return try run.consoleLink()
            case .consolePassphraseSet: return try run.consolePassphraseSet()
            case .consolePassphraseRemove: return try run.consolePassphraseRemove()
            case .inboxList: return try run.quarantineList(all: true)
            case .quarantineList: return try run.quarantineList(all: false)
            case .quarantineShow: return try run.quarantineShow()
            case .quarantineRelease: return try run.quarantineDecide(release: true)
            case .quarantineDecline: return try run.quarantineDecide(release: false)
            case .forksList: return try run.forksList()
            case .forksShow: return try run.forksShow()
            case .forksExport: return try run.forksExport()
            case .forksConfirm: return try run.forksConfirm()
            case .keysShow: return try run.keysShow()
            case .keysRotate: return try run.keysRotate()
            case .keysExportRoot: return try run.keysMoveRoot(exporting: true)
            case .keysImportRoot: return try run.keysMoveRoot(exporting: false)
            case .completeness: return try run.completeness()
            case .bundleImport: return try run.bundleImport()
            case .bundleExport: return try run.bundleExport()
            case .bundleList: return try run.bundleList()
            }
        }
    }

    static let spec = ProgramSpec(
        name: "ward-server", version: wardSyncVersion,
        summary: Message(vi: "Máy chủ đồng bộ của phường", en: "The ward's sync server"),
        homeVariable: "WARD_SERVER_HOME",
        groups: [
            serving, people, ImportSpecs.group, BundleSpecs.group, care, QuarantineSpecs.group, ForkSpecs.group,
            ConsoleSpecs.group,
            BackupSpecs.group, keys, settings,
        ],
        topics: ServerHelpTopics.all, lists: ServerLists.lists)

    private static let address = OptionSpec(
        "address", value: .text(maximumBytes: 300), label: .verbatim("URL"),
        summary: Message(
            vi: "Địa chỉ mà máy của người dân kết nối tới", en: "Address that people's devices connect to"),
        repeats: true)

    private static let serving = CommandGroup(
        Message(vi: "Vận hành", en: "Running a ward"),
        commands: [
            CommandSpec(
                ["init"], summary: Message(vi: "Tạo phường mới trên máy này", en: "Set up a ward on this machine"),
                details: Message(
                    vi: "Tạo thư mục dữ liệu, khoá và bản mô tả phường. Sau đó hãy cất khoá gốc ở nơi không nối mạng.",
                    en: "Makes the home directory, the keys and the descriptor. Move the root key offline afterwards."),
                options: [
                    OptionSpec(
                        "area", value: .text(maximumBytes: 32),
                        summary: Message(vi: "Mã đơn vị hành chính", en: "Administrative code"), required: true),
                    OptionSpec(
                        "name", value: .text(maximumBytes: 200),
                        summary: Message(vi: "Tên phường", en: "Name of the ward"), required: true),
                    address,
                ],
                examples: [
                    .init(
                        "ward-server init --home DIR --area 06685 --name \"Phường Hồng Gai\"",
                        Message(vi: "Tạo máy chủ cho phường Hồng Gai.", en: "Set up the ward Hồng Gai."))
                ], run: ServerCommand.initialize.rawValue),
            CommandSpec(
                ["serve"], summary: Message(vi: "Phục vụ đồng bộ cho tới khi được dừng", en: "Serve until stopped"),
                options: [
                    OptionSpec(
                        "listen", value: .text(maximumBytes: 80), label: .verbatim("IP:PORT"),
                        summary: Message(vi: "Nơi lắng nghe", en: "Where to listen")),
                    OptionSpec(
                        "port-file", value: .file,
                        summary: Message(vi: "Ghi số cổng vào tệp này", en: "Write the port number to this file")),
                ] + ServerProgram.tlsOptions, run: ServerCommand.serve.rawValue),
            CommandSpec(
                ["descriptor"],
                summary: Message(vi: "In bản mô tả phường", en: "Print the ward descriptor"),
                details: Message(
                    vi: "Với --address, --pin-cert, --self-signed hoặc --no-pin: ký lại bản mô tả; cần có khoá gốc.",
                    en:
                        "With --address, --pin-cert, --self-signed or --no-pin: signs it again; this needs the root key."
                ),
                options: [address] + pinOptions + descriptorForms, run: ServerCommand.descriptor.rawValue),
        ])

    static let deviceArgument = ArgumentSpec(
        Message(vi: "THIẾT-BỊ", en: "DEVICE"),
        summary: Message(vi: "Ít nhất 8 ký tự đầu của khoá", en: "At least the first 8 digits of its key"))
    private static let changeArgument = ArgumentSpec(
        Message(vi: "THIẾT-BỊ:SỐ", en: "DEVICE:SEQ"),
        summary: Message(vi: "Gói thay đổi, như lệnh held in ra", en: "The change set, as held prints it"))
    private static let orderOptions = [
        OptionSpec(
            "reason", value: .text(maximumBytes: 4000), label: Message(vi: "LÝ-DO", en: "REASON"),
            summary: Message(vi: "Lý do; người liên quan đọc được", en: "Why; those concerned read it")),
        OptionSpec(
            "prepare", value: .file,
            summary: Message(
                vi: "Chỉ soạn thành tệp để một máy quản trị ký; «-»: in ra",
                en: "Only a file for an admin's device to sign; “-”: print it")),
    ]
    private static let areaOption = OptionSpec(
        "area", value: .text(maximumBytes: 32), label: Message(vi: "MÃ", en: "CODE"),
        summary: Message(vi: "Mã địa bàn", en: "Area code"), repeats: true)

    private static let people = CommandGroup(
        Message(vi: "Người và thiết bị", en: "People and devices"),
        commands: [
            CommandSpec(
                ["invite"],
                summary: Message(vi: "Mời một người với một thiết bị", en: "Invite a person with one device"),
                options: [
                    OptionSpec(
                        "role", value: .choice(["volunteer", "lead", "officer", "admin", "auditor"]),
                        summary: Message(vi: "Vai trò", en: "Role"), required: true),
                    areaOption,
                    OptionSpec(
                        "name", value: .text(maximumBytes: 120),
                        summary: Message(vi: "Tên hiển thị với người khác", en: "Name that others see"), required: true),
                    OptionSpec(
                        "expires-days", value: .integer(1...365),
                        summary: Message(vi: "Số ngày lời mời còn dùng được", en: "Days until the invitation ends")),
                    OptionSpec(
                        "valid-days", value: .integer(0...3650),
                        summary: Message(
                            vi: "Số ngày vai trò có hiệu lực; 0 là không hạn",
                            en: "Days that the role lasts; 0 for no end")),
                    invitationQR,
                ], run: ServerCommand.invite.rawValue),
            CommandSpec(
                ["devices"], summary: Message(vi: "Liệt kê thiết bị", en: "List devices"),
                options: [
                    OptionSpec(
                        "role", value: .choice(Role.allCases.map(\.name)),
                        summary: Message(
                            vi: "Chỉ vai trò này; nếu không ghi thì bỏ qua người dân",
                            en: "Only this role; without it everyone but residents"))
                ], run: ServerCommand.devices.rawValue),
            CommandSpec(
                ["revoke"], summary: Message(vi: "Thu hồi một thiết bị", en: "Revoke a device"),
                details: Message(
                    vi:
                        "Gói thay đổi có số lớn hơn --after được tạm giữ. Không ghi --after: tính tới gói mới nhất đã nhận.",
                    en: "Change sets above --after are held. Without it everything received so far counts."),
                arguments: [deviceArgument],
                options: [
                    OptionSpec(
                        "after", value: .integer(0...281_474_976_710_655),
                        summary: Message(vi: "Số cuối cùng còn được tính", en: "The last sequence that counts"))
                ] + orderOptions, run: ServerCommand.revoke.rawValue),
        ])

    private static let care = CommandGroup(
        Message(vi: "Theo dõi và xử lý", en: "Watching and deciding"),
        commands: [
            CommandSpec(
                ["status"], summary: Message(vi: "Tình trạng của phường", en: "Where the ward stands"),
                options: [
                    OptionSpec(
                        "area", value: .text(maximumBytes: 32), label: Message(vi: "MÃ", en: "CODE"),
                        summary: Message(
                            vi: "Địa bàn để tính mã băm trạng thái", en: "Area that the state hash is over"))
                ], run: ServerCommand.status.rawValue),
            CompletenessSpec.command,
            CommandSpec(
                ["held"], summary: Message(vi: "Gói thay đổi đang tạm giữ", en: "Change sets that are held"),
                run: ServerCommand.held.rawValue),
            CommandSpec(
                ["release"], summary: Message(vi: "Cho một gói tạm giữ được tính", en: "Let a held change set count"),
                arguments: [changeArgument], options: orderOptions, run: ServerCommand.release.rawValue),
            CommandSpec(
                ["decline"],
                summary: Message(vi: "Từ chối hẳn một gói tạm giữ", en: "Refuse a held change set for good"),
                arguments: [changeArgument], options: orderOptions, run: ServerCommand.decline.rawValue),
            CommandSpec(
                ["doctor"], summary: Message(vi: "Kiểm tra kho dữ liệu", en: "Check the store"),
                details: Message(
                    vi:
                        "Dựng lại các bảng suy ra từ sổ phường trên một bản sao rồi so sánh. Với --rebuild: dựng lại ngay trong kho; "
                        + "cần dừng máy chủ trước.",
                    en:
                        "Makes the derived tables anew from the ward log on a copy and compares. With --rebuild: does so in "
                        + "the store itself; stop the server first."),
                options: [
                    OptionSpec(
                        flag: "rebuild", summary: Message(vi: "Dựng lại trong kho", en: "Rebuild in the store itself"))
                ], run: ServerCommand.doctor.rawValue),
            auditCommand,
        ])
}
