// libgd, opened when a picture is first to be made smaller.

import CGd
import Glibc

/// The functions of libgd that are used.
///
/// `@unchecked Sendable`: function addresses, written once in `init` and never again.
final class ImageLibrary: @unchecked Sendable {
    let fromJPEG: wardsync_gd_from_bytes
    let fromPNG: wardsync_gd_from_bytes
    let fromWebP: wardsync_gd_from_bytes
    let create: wardsync_gd_create
    let destroy: wardsync_gd_image
    let copyResampled: wardsync_gd_copy_resampled
    let fill: wardsync_gd_fill
    let flipHorizontally: wardsync_gd_image
    let rotate: wardsync_gd_rotate
    let jpeg: wardsync_gd_jpeg
    let free: wardsync_gd_free

    /// Opened at first use; `nil` where it is not installed.
    static let shared = ImageLibrary()

    private init?() {
        guard let handle = dlopen("libgd.so.3", RTLD_NOW | RTLD_LOCAL),
            let fromJPEG = dlsym(handle, "gdImageCreateFromJpegPtr"),
            let fromPNG = dlsym(handle, "gdImageCreateFromPngPtr"),
            let fromWebP = dlsym(handle, "gdImageCreateFromWebpPtr"),
            let create = dlsym(handle, "gdImageCreateTrueColor"), let destroy = dlsym(handle, "gdImageDestroy"),
            let copyResampled = dlsym(handle, "gdImageCopyResampled"),
            let fill = dlsym(handle, "gdImageFilledRectangle"),
            let flip = dlsym(handle, "gdImageFlipHorizontal"), let rotate = dlsym(handle, "gdImageRotateInterpolated"),
            let jpeg = dlsym(handle, "gdImageJpegPtr"), let free = dlsym(handle, "gdFree"),
            let onError = dlsym(handle, "gdSetErrorMethod")
        else { return nil }
        self.fromJPEG = unsafeBitCast(fromJPEG, to: wardsync_gd_from_bytes.self)
        self.fromPNG = unsafeBitCast(fromPNG, to: wardsync_gd_from_bytes.self)
        self.fromWebP = unsafeBitCast(fromWebP, to: wardsync_gd_from_bytes.self)
        self.create = unsafeBitCast(create, to: wardsync_gd_create.self)
        self.destroy = unsafeBitCast(destroy, to: wardsync_gd_image.self)
        self.copyResampled = unsafeBitCast(copyResampled, to: wardsync_gd_copy_resampled.self)
        self.fill = unsafeBitCast(fill, to: wardsync_gd_fill.self)
        flipHorizontally = unsafeBitCast(flip, to: wardsync_gd_image.self)
        self.rotate = unsafeBitCast(rotate, to: wardsync_gd_rotate.self)
        self.jpeg = unsafeBitCast(jpeg, to: wardsync_gd_jpeg.self)
        self.free = unsafeBitCast(free, to: wardsync_gd_free.self)
        // What is wrong with a picture is said by this program, not in between by the library.
        unsafeBitCast(onError, to: wardsync_gd_on_error.self)(wardsync_gd_silent())
    }
}
