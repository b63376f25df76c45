// QR codes of the descriptor and of invitations: on the terminal, as an image, as a poster.
import CommandLineKit
import QRCode
import SyncKit

extension ServerProgram {
    static let descriptorForms = [
        OptionSpec(
            flag: "qr", summary: Message(vi: "Hiện mã QR để quét trên màn hình", en: "Show it as a QR code to scan")),
        OptionSpec(
            "png", value: .file,
            summary: Message(vi: "Ghi mã QR ra tệp ảnh PNG", en: "Write the QR code as a PNG image")),
        OptionSpec(
            "svg", value: .file,
            summary: Message(vi: "Ghi áp phích có mã QR ra tệp SVG", en: "Write a poster with the QR code as SVG")),
    ]

    static let invitationQR = OptionSpec(
        flag: "qr", summary: Message(vi: "Hiện mã mời dạng QR", en: "Show the invitation as a QR code too"))
}

extension CommandRun {
    /// The side of a module of an image, in pixels: sharp on paper of the size of a hand.
    private static let imageScale = 8

    /// Whether the descriptor is asked for as a drawing, which then stands in the place of its text.
    var isDrawn: Bool { parsed.flag("qr") || parsed.option("png") != nil || parsed.option("svg") != nil }

    /// Draws the descriptor in every form that was asked for.
    func drawDescriptor(_ text: String, of ward: WardDescriptor) throws(ErrorReport) {
        guard isDrawn else { return }
        let compact = WardDescriptor.compact(text)
        let png: Bytes?
        let svg: Bytes?
        do {
            let matrix = try QRMatrix(encoding: compact)
            png = parsed.option("png") == nil ? nil : try matrix.png(scale: Self.imageScale)
            svg = parsed.option("svg") == nil ? nil : Bytes(poster(matrix, of: ward).svg.utf8)
        } catch { throw error.report }
        if parsed.flag("qr") { try terminal.qr(compact) }
        if let png, let path = parsed.option("png") { try write(png, to: path) }
        if let svg, let path = parsed.option("svg") { try write(svg, to: path) }
        if parsed.flag("qr") {
            terminal.remark(
                Message(
                    vi: "{0}. Quét, lưu dòng chữ vào tệp, rồi trên máy của người dân: ward init --descriptor TỆP",
                    en:
                        "{0}. Scan it, save the line in a file, then on the resident's device: ward init --descriptor FILE"
                ), ward.name)
        }
    }

    private func poster(_ matrix: QRMatrix, of ward: WardDescriptor) -> QRPoster {
        QRPoster(
            matrix, title: SafeText.line(ward.name),
            instruction: "Quét mã này rồi dùng lệnh «ward init» để kết nối với phường")
    }

    /// Shows an invitation's code for the camera of the invited person's device.
    func drawInvitation(_ code: String) throws(ErrorReport) { try terminal.qr(code) }

    /// Writes a drawing into a file, or to standard output for `-`.
    private func write(_ bytes: Bytes, to path: String) throws(ErrorReport) {
        if path == "-" {
            terminal.out.bytes += bytes
            terminal.out.flushIfLarge()
            return
        }
        do { try HomeFiles.replace(path, bytes) } catch {
            throw ErrorReport(
                .inputOutput, code: "drawing.not-written",
                happened: Message(vi: "Không ghi được {0}.", en: "{0} could not be written.").with(path),
                next: Message(
                    vi: "Kiểm tra thư mục có thật, ghi được và còn chỗ trống, rồi chạy lại.",
                    en: "Check that the folder exists, may be written to and has room, then run this again."
                ).with())
        }
        terminal.remark(Message(vi: "Đã ghi {0}.", en: "{0} was written."), path)
    }
}
