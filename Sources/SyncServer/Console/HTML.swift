// The only way to make HTML: elements by names of this program, everything else through `HTMLText`.

/// An attribute of an element. Names are literals of this program; values are escaped.
struct HTMLAttribute {
    fileprivate let name: StaticString
    fileprivate let value: String?

    private init(name: StaticString, value: String?) {
        self.name = name
        self.value = value
    }

    static func a(_ name: StaticString, _ value: String) -> HTMLAttribute { HTMLAttribute(name: name, value: value) }
    static func a(_ name: StaticString, _ value: Int) -> HTMLAttribute { .a(name, String(value)) }
    static func flag(_ name: StaticString) -> HTMLAttribute { HTMLAttribute(name: name, value: nil) }
    static func style(_ name: StaticString) -> HTMLAttribute { .a("class", "\(name)") }
    static func id(_ name: String) -> HTMLAttribute { .a("id", name) }

    /// Where a link or a form leads: only to a page of this server.
    static func href(_ page: PagePath) -> HTMLAttribute { HTMLAttribute(name: "href", value: page.text) }
    /// A picture of this server.
    static func src(_ page: PagePath) -> HTMLAttribute { HTMLAttribute(name: "src", value: page.text) }
    static func action(_ page: PagePath) -> HTMLAttribute { HTMLAttribute(name: "action", value: page.text) }

    /// Attributes that a browser would follow or run are never written from text.
    fileprivate var isInert: Bool {
        let text = "\(name)"
        if text == "href" || text == "action" || text == "src" {
            let start = Array((value ?? "").utf8.prefix(2))
            // Two slashes would name another server.
            return start.first == UInt8(ascii: "#")
                || (start.first == UInt8(ascii: "/") && start.dropFirst() != start.prefix(1))
        }
        return !text.hasPrefix("on")
            && !["style", "srcdoc", "srcset", "formaction", "xlink:href"].contains(text)
    }
}

/// A page in the making.
struct HTML {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(16 * 1024) }

    /// Text between elements.
    mutating func text(_ text: String) { HTMLText.append(text, to: &bytes) }

    /// What somebody else wrote, apart from the direction of what stands around it.
    mutating func foreign(_ text: String) { tag("bdi", text: text) }

    mutating func tag(_ name: StaticString, _ attributes: HTMLAttribute..., content: (inout HTML) -> Void) {
        open(name, attributes)
        content(&self)
        close(name)
    }

    mutating func tag(_ name: StaticString, _ attributes: HTMLAttribute..., text: String) {
        open(name, attributes)
        HTMLText.append(text, to: &bytes)
        close(name)
    }

    /// An element that has no end.
    mutating func void(_ name: StaticString, _ attributes: HTMLAttribute...) { open(name, attributes) }

    /// The first line of a document.
    mutating func doctype() { bytes += "<!DOCTYPE html>\n".utf8 }

    private mutating func open(_ name: StaticString, _ attributes: [HTMLAttribute]) {
        bytes.append(UInt8(ascii: "<"))
        append(name)
        for attribute in attributes where attribute.isInert {
            bytes.append(0x20)
            append(attribute.name)
            guard let value = attribute.value else { continue }
            bytes += "=\"".utf8
            HTMLText.append(value, to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: ">"))
    }

    private mutating func close(_ name: StaticString) {
        bytes += "</".utf8
        append(name)
        bytes.append(UInt8(ascii: ">"))
    }

    private mutating func append(_ name: StaticString) { name.withUTF8Buffer { bytes += $0 } }
}

/// A page of this server: a path of this program and a query of any text.
struct PagePath {
    let path: StaticString
    var query: [(name: StaticString, value: String)] = []
    var fragment: StaticString?

    init(_ path: StaticString, _ query: KeyValuePairs<StaticString, String?> = [:], fragment: StaticString? = nil) {
        self.path = path
        self.query = query.compactMap { name, value in value.map { (name, $0) } }
        self.fragment = fragment
    }

    var text: String {
        var text = "\(path)"
        for (index, item) in query.enumerated() {
            text += (index == 0 ? "?" : "&") + "\(item.name)=" + PercentCoding.encode(item.value)
        }
        return text + (fragment.map { "#\($0)" } ?? "")
    }
}
