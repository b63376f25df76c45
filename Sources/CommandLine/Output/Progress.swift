// How far long work is: one line that is drawn over on a terminal, a plain line now and then elsewhere.

import Glibc

/// Tells a person on standard error how far long work is.
///
/// On a terminal it is one line, drawn at most ten times a second and wiped at the end and on Ctrl-C. Elsewhere, as in
/// a log, it is a line every few seconds. With `--json` and `--quiet` nothing is said. Work that is done at once shows
/// nothing at all.
package final class Progress {
    /// The least time between two drawings, in milliseconds.
    static let redrawMilliseconds: UInt64 = 100
    /// The time before anything is shown.
    static let patienceMilliseconds: UInt64 = 300
    /// The time between two plain lines.
    static let lineMilliseconds: UInt64 = 5000

    private let terminal: Terminal
    private let label: String
    private let unit: Unit
    private var total: Int?
    private let now: () -> UInt64
    private let manner: Manner
    private let began: UInt64
    private var lastShown: UInt64
    private var done = 0
    private var hasShown = false
    private var isFinished = false

    /// What is counted.
    package enum Unit: Sendable { case steps, bytes }

    private enum Manner { case silent, redrawn, lines }

    /// Work that begins now.
    /// - Parameters:
    ///   - label: what is done, such as "Receiving".
    ///   - total: how many steps there are; nil where nobody knows.
    ///   - unit: what a step is.
    package convenience init(_ terminal: Terminal, label: Message, total: Int? = nil, unit: Unit = .steps) {
        self.init(
            terminal, label: label, total: total, unit: unit, isRedrawn: terminal.errIsCapable, now: Self.milliseconds)
    }

    init(
        _ terminal: Terminal, label: Message, total: Int?, unit: Unit = .steps, isRedrawn: Bool,
        now: @escaping () -> UInt64
    ) {
        self.unit = unit
        self.terminal = terminal
        self.label = terminal.text(label)
        self.total = total.map { max(0, $0) }
        self.now = now
        manner = terminal.isJSON || terminal.isQuiet ? .silent : isRedrawn ? .redrawn : .lines
        began = now()
        lastShown = began
    }

    deinit { wipe() }

    /// So many steps are done; cheap enough to call after each.
    package func advance(to done: Int) {
        self.done = max(0, done)
        guard manner != .silent, !isFinished else { return }
        let time = now()
        let wait =
            manner == .lines ? Self.lineMilliseconds : hasShown ? Self.redrawMilliseconds : Self.patienceMilliseconds
        guard time &- lastShown >= wait else { return }
        lastShown = time
        show(time)
    }

    /// The same, where how many there are became known meanwhile, or is another number now.
    package func advance(to done: Int, of total: Int?) {
        self.total = total.map { max(0, $0) }
        advance(to: done)
    }

    /// The work ended, well or not: the line goes away; a log gets a last line if it got one before.
    package func finish() {
        guard !isFinished else { return }
        if manner == .lines, hasShown { show(now()) }
        wipe()
        isFinished = true
    }

    private func show(_ time: UInt64) {
        let text = ProgressText(
            language: terminal.language, label: label, done: done, total: total,
            elapsedMilliseconds: time &- began, unit: unit)
        if manner == .lines {
            terminal.writeError(text.line + "\n")
        } else {
            if !hasShown { Interrupt.lineBegins(on: terminal.err.fileDescriptor) }
            terminal.writeError("\r\u{1B}[K" + text.bar(columns: terminal.errColumns - 1))
        }
        hasShown = true
    }

    private func wipe() {
        guard manner == .redrawn, hasShown, !isFinished else { return }
        terminal.writeError("\r\u{1B}[K")
        Interrupt.lineEnds()
    }

    private static func milliseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(clamping: time.tv_sec) &* 1000 &+ UInt64(clamping: time.tv_nsec / 1_000_000)
    }
}

extension Terminal {
    /// Whether standard error is a terminal on which a line can be drawn over.
    fileprivate var errIsCapable: Bool {
        let kind = Environment.value("TERM") ?? ""
        return errIsTerminal && !kind.isEmpty && kind != "dumb"
    }

    /// The columns of the terminal behind standard error, asked anew: people make windows narrower.
    fileprivate var errColumns: Int {
        var size = winsize()
        guard ioctl(err.fileDescriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return columns }
        return min(max(Int(size.ws_col), 10), 1000)
    }
}
