// Reading environment variables without Foundation.

import Glibc

/// Gives the value of an environment variable, or nil; tests pass their own.
package typealias EnvironmentLookup = (_ name: String) -> String?

/// The environment of this process.
package enum Environment {
    /// The value of a variable, nil when it is not set; bytes that are not UTF-8 are replaced.
    package static func value(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        return String(cString: value)
    }
}
