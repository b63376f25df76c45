// Photos on pages: only pictures, only under their own root, and nothing that a browser would run.
import CommandLineKit
import SyncKit
import WardWords

extension Console {
    /// `/console/photo` for whoever is signed in, `/public/photo` for everybody: `root` names the content.
    func picture(_ query: FormFields, isPublic: Bool) throws(StoreError) -> HTTPResponse? {
        guard let root = query["root"].flatMap({ Digest(hex: $0) }) else { return nil }
        let found = try service.withCore { core throws(StoreError) in try core.picture(root, isPublic: isPublic) }
        guard let (bytes, media) = found else { return nil }
        // Papers are kept, never shown within the console.
        let disposition = media.isImage ? "inline" : "attachment; filename=\"\(root.hex.prefix(12)).\(media.suffix)\""
        return HTTPResponse(
            status: 200,
            headers: [
                ("Content-Type", media.mime), ("Content-Security-Policy", "default-src 'none'; sandbox"),
                ("Content-Disposition", disposition), ("X-Content-Type-Options", "nosniff"),
                ("Cross-Origin-Resource-Policy", "same-origin"), ("Referrer-Policy", "no-referrer"),
                ("Cache-Control", isPublic ? "public, max-age=300" : "no-store"),
            ], body: .bytes(bytes))
    }

    static func picturePath(_ root: Digest, isPublic: Bool) -> PagePath {
        PagePath(isPublic ? "/public/photo" : "/console/photo", ["root": root.hex])
    }
}

extension ConsoleLayout {
    /// Thumbnails that lead to their photos; what the ward lacks, and what is private, stands there as words.
    func pictures(_ files: [(attachment: Attachment, isHeld: Bool)], isPublic: Bool, _ html: inout HTML) {
        html.tag("ul", .style("photos")) { html in
            for (index, file) in files.enumerated() {
                html.tag("li") { html in
                    let kind = MediaWord.text(file.attachment, context.language)
                    let label =
                        "\(index + 1). \(kind), " + ByteCount.text(file.attachment.content.length, context.language)
                    guard file.isHeld else {
                        html.tag("span", .style("badge warn"), text: label + " – " + context.say(.fileIncomplete))
                        return
                    }
                    if file.attachment.isSealed {
                        html.tag("span", text: label + " – " + context.say(.filePrivate))
                        return
                    }
                    html.tag(
                        "a", .href(Console.picturePath(file.attachment.content.root, isPublic: isPublic))
                    ) { html in
                        if let small = file.attachment.thumbnail, file.attachment.mediaType?.isImage ?? false {
                            // Its words stand below it.
                            html.void(
                                "img", .src(Console.picturePath(small.root, isPublic: isPublic)), .a("alt", ""),
                                .a("loading", "lazy"))
                        }
                        html.text(label)
                    }
                }
            }
        }
    }
}
