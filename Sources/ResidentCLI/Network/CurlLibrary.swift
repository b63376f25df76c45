// libcurl, opened when a command first needs the network: loading it takes longer than most local commands run.
import CCurl
import Glibc

/// The functions of libcurl that the client uses.
///
/// `@unchecked Sendable`: function addresses, written once in `init` and never again. The library is never closed,
/// because libcurl's own libraries do not survive that.
final class CurlLibrary: @unchecked Sendable {
    let easyInit: wardsync_curl_easy_init
    let easyPerform: wardsync_curl_easy_perform
    let easyCleanup: wardsync_curl_easy_cleanup
    let easyReset: wardsync_curl_easy_reset
    let easyError: wardsync_curl_easy_strerror
    let listAppend: wardsync_curl_slist_append
    let listFree: wardsync_curl_slist_free_all
    /// Variadic; only for the `wardsync_curl_setopt_…` functions.
    let easySetopt: UnsafeMutableRawPointer
    /// Variadic; only for the `wardsync_curl_getinfo_…` functions.
    let easyGetinfo: UnsafeMutableRawPointer

    /// The one that all commands share, opened at first use.
    static func shared() throws(HTTPClientError) -> CurlLibrary { try opened.get() }

    private static let opened = Result { () throws(HTTPClientError) in
        try CurlLibrary(names: ["libcurl.so.4", "libcurl-gnutls.so.4"])
    }

    /// Opens the first of `names` that is installed.
    init(names: [String]) throws(HTTPClientError) {
        var handle: UnsafeMutableRawPointer?
        for name in names where handle == nil { handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) }
        guard let handle else { throw .libraryMissing }
        func symbol(_ name: String) throws(HTTPClientError) -> UnsafeMutableRawPointer {
            guard let address = dlsym(handle, name) else { throw .libraryMissing }
            return address
        }
        easySetopt = try symbol("curl_easy_setopt")
        easyGetinfo = try symbol("curl_easy_getinfo")
        easyInit = unsafeBitCast(try symbol("curl_easy_init"), to: wardsync_curl_easy_init.self)
        easyPerform = unsafeBitCast(try symbol("curl_easy_perform"), to: wardsync_curl_easy_perform.self)
        easyCleanup = unsafeBitCast(try symbol("curl_easy_cleanup"), to: wardsync_curl_easy_cleanup.self)
        easyReset = unsafeBitCast(try symbol("curl_easy_reset"), to: wardsync_curl_easy_reset.self)
        easyError = unsafeBitCast(try symbol("curl_easy_strerror"), to: wardsync_curl_easy_strerror.self)
        listAppend = unsafeBitCast(try symbol("curl_slist_append"), to: wardsync_curl_slist_append.self)
        listFree = unsafeBitCast(try symbol("curl_slist_free_all"), to: wardsync_curl_slist_free_all.self)
        let globalInit = unsafeBitCast(try symbol("curl_global_init"), to: wardsync_curl_global_init.self)
        // 3 is CURL_GLOBAL_ALL, a macro that does not reach Swift.
        guard globalInit(3) == CURLE_OK else { throw .libraryMissing }
    }
}
