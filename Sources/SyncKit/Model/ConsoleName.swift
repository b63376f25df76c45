// The name by which everybody tells the ward's console from a person's device.

/// The console's device is an admin's with this name, and nobody else gets it (`docs/data-model.md`, "The console").
package enum ConsoleName {
    package static let text = "Bàn điều khiển"

    private static let folded = SearchFold.fold(text)

    /// Whether a name reads as the console's, however it is typed.
    package static func isReadFrom(_ name: String) -> Bool { SearchFold.fold(name) == folded }

    /// Whether it is just that name.
    package static func isExactly(_ name: String) -> Bool { name.utf8.elementsEqual(text.utf8) }
}
