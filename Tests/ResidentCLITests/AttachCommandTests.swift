// Photos with the real program: attached offline, sent when there is a network, fetched and written by others.
import Glibc
import Testing

@testable import ResidentCLI
@testable import SyncKit

@Suite struct AttachCommandTests {
    private func ok(_ run: WardRun, _ place: SourceLocation = #_sourceLocation) -> WardRun {
        #expect(run.code == 0, "\(run.out)\(run.err)", sourceLocation: place)
        return run
    }

    @Test func aPhotoGoesFromAResidentToAVolunteerWithoutItsNotes() throws {
        let ward = try LoopbackWard()
        let resident = try FieldDayTests.home(ward)
        let volunteer = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        _ = ok(volunteer.ward("sync"))
        let photo = resident.root + "/anh.bin"
        writeFile(photo, TestPicture.png(width: 400, height: 300))
        let new = ok(resident.ward("report", "new", "-t", "Nắp cống vỡ", "--area", "3", "--photo", photo, "--json"))
        let id = String(try #require(new.json("short_id")).prefix(8))
        // What was attached is safe from here on, wherever the file goes.
        unlink(photo)
        let before = ok(resident.ward("attachment", "list", id, lang: "vi"))
        #expect(before.out.contains("chờ gửi") && !before.out.contains("nhận đủ"))
        #expect(ok(resident.ward("report", "show", id, lang: "vi")).out.contains("chưa đủ tệp"))
        #expect(ok(resident.ward("report", "list", lang: "vi")).out.contains("chưa đủ tệp"))
        #expect(ok(resident.ward("report", "list", "--json")).out.contains("\"files_incomplete\":true"))
        #expect(ok(resident.ward("status", lang: "vi")).out.contains("Tệp chờ gửi: 1"))
        // Text alone is not everything, and nothing says so.
        let text = resident.ward("sync", "--text-only", lang: "vi")
        #expect(text.code == 6 && !text.out.contains("Không còn gì chờ gửi"), "\(text.out)\(text.err)")
        _ = ok(resident.ward("sync"))
        #expect(ok(resident.ward("attachment", "list", id, lang: "vi")).out.contains("phường đã nhận đủ"))
        #expect(!ok(resident.ward("report", "show", id, lang: "vi")).out.contains("chưa đủ tệp"))
        #expect(!ok(resident.ward("report", "list", lang: "vi")).out.contains("chưa đủ tệp"))
        #expect(!ok(resident.ward("status", lang: "vi")).out.contains("Tệp chờ gửi"))

        _ = ok(volunteer.ward("sync"))
        let out = volunteer.root + "/nhan.png"
        let early = volunteer.ward("attachment", "save", id, "1", "--out", out)
        #expect(early.code == 3 && early.err.contains("ward attachment fetch"))
        _ = ok(volunteer.ward("attachment", "save", id, "1", "--thumbnail", "--out", volunteer.root + "/nho.jpg"))
        _ = ok(volunteer.ward("attachment", "fetch", id))
        _ = ok(volunteer.ward("sync"))
        _ = ok(volunteer.ward("attachment", "save", id, "1", "--out", out))
        let saved = try #require(BoundedFile.bytes(out, most: 1 << 20))
        #expect(MediaType(beginning: saved) == .png)
        let isTheSame = saved == ImageMetadata.strip(TestPicture.png(width: 400, height: 300), .png)
        #expect(isTheSame)
        #expect(!String(decoding: saved, as: UTF8.self).contains("Secret"))
        // An existing file is never written over.
        #expect(volunteer.ward("attachment", "save", id, "1", "--out", out).code == 5)
    }

    @Test func whoAddsToAReportThatIsThereAddsTheFilesToo() throws {
        let ward = try LoopbackWard()
        let home = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let first = ok(
            home.ward("report", "new", "-t", "Đèn A", "-c", "lighting", "--at", "20.9500,107.0700", "--json"))
        let id = String(try #require(first.json("short_id")).prefix(8))
        let (photo, paper) = (home.root + "/anh.png", home.root + "/giay.png")
        writeFile(photo, TestPicture.png(width: 120, height: 90))
        writeFile(paper, TestPicture.png(width: 90, height: 120))
        let terminal = try PseudoTerminal()
        terminal.type("1\n")
        let running = try RunningProgram(
            TestHome.program,
            [
                "report", "new", "-t", "Đèn vẫn tắt", "-c", "lighting", "--at", "20.9501,107.0700", "--photo", photo,
                "--private-photo", paper, "--home", home.path, "--lang", "vi",
            ], environment: ["PATH=/usr/bin:/bin", "HOME=" + home.root, "TERM=xterm"], error: terminal.slave,
            input: terminal.slave)
        #expect(running.wait() == 0, "\(terminal.text())")
        #expect(ok(home.ward("report", "list", "--json")).out.contains("\"total\":1"))
        #expect(ok(home.ward("report", "show", id, lang: "vi")).out.contains("Đèn vẫn tắt"))
        let files = ok(home.ward("attachment", "list", id, lang: "vi")).out
        #expect(files.contains("1. ") && files.contains("2. ") && files.contains("tệp kín"), "\(files)")
        _ = ok(home.ward("sync"))
        #expect(ok(home.ward("attachment", "list", id, "--json")).out.contains("\"complete\":true"))
    }

    @Test func whatCannotBeAttachedIsRefusedBeforeAnythingIsSaved() throws {
        let ward = try LoopbackWard()
        let resident = try FieldDayTests.home(ward)
        func refused(_ name: String, _ bytes: [UInt8], _ code: String, lang: String = "vi") {
            let path = resident.root + "/" + name
            writeFile(path, bytes)
            let run = resident.ward("report", "new", "-t", "Thử", "--area", "3", "--photo", path, lang: lang)
            #expect(run.code == 5 && run.out.isEmpty && run.err.contains(code), "\(name): \(run.code) \(run.err)")
        }
        refused("rong.jpg", [], "trống")
        refused("ma.jpg", Array("#!/bin/sh\nreboot\n".utf8), "không theo tên")
        refused("iphone.heic", [0, 0, 0, 24] + Array("ftypheic".utf8) + [UInt8](repeating: 0, count: 64), "HEIC")
        refused("cut.png", Array(TestPicture.png().prefix(200)), "hỏng")
        refused("cut.jpg", Array(try TestPicture.jpegWithPlace().dropLast(200)), "cắt cụt")
        var bomb = TestPicture.png()
        bomb.replaceSubrange(16..<24, with: [0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF])
        refused("bomb.png", bomb, "64 triệu")
        refused("dai.pdf", Array("%PDF-1.4\n".utf8) + [UInt8](repeating: 0x20, count: 8_400_000), "dài hơn")
        #expect(resident.ward("report", "new", "-t", "Thử", "--photo", "/nowhere").code == 10)
        #expect(resident.ward("report", "new", "-t", "Thử", "--draft", "--photo", "x.jpg").code == 2)
        #expect(ok(resident.ward("status", "--json")).out.contains("\"waiting_total\":0"))
    }

    @Test func anOfficerReleasesAPhotoAndTakesItBack() throws {
        let ward = try LoopbackWard()
        let resident = try FieldDayTests.home(ward)
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Cán bộ Hà")
        let photo = resident.root + "/a.png"
        writeFile(photo, TestPicture.png(width: 120, height: 90))
        let new = ok(resident.ward("report", "new", "-t", "Nắp cống vỡ", "--area", "3", "--photo", photo, "--json"))
        let id = String(try #require(new.json("short_id")).prefix(8))
        _ = ok(resident.ward("sync"))
        _ = ok(officer.ward("sync"))
        #expect(resident.ward("attachment", "release", id, "1").code == 5)
        _ = ok(officer.ward("report", "assign", id, "--agency", "moi-truong"))
        _ = ok(officer.ward("report", "start", id))
        _ = ok(officer.ward("report", "resolve", id, "--result", "Đã thay"))
        _ = ok(officer.ward("report", "publish", id, "--title", "Nắp cống đã thay", "--yes"))
        _ = ok(officer.ward("sync"))
        func photos() throws -> Int {
            _ = ok(resident.ward("sync"))
            return try ward.service.withCore { (core: WardCore) throws(StoreError) in
                try core.snapshotStates().filter { $0.kind == .publication }.reduce(0) { $0 + $1.attachments.count }
            }
        }
        #expect(try photos() == 0)
        _ = ok(officer.ward("attachment", "release", id, "1"))
        _ = ok(officer.ward("sync"))
        #expect(try photos() == 1)
        _ = ok(officer.ward("sync"))
        let list = ok(officer.ward("public", "list", "--json"))
        let shown = String(try #require(list.json("short_id")).prefix(8))
        let told = ok(officer.ward("public", "show", shown, lang: "vi")).out
        #expect(told.contains("Ảnh: 1") && told.contains("ward attachment fetch"), "\(told)")
        let json = ok(officer.ward("public", "show", shown, "--json")).out
        #expect(json.contains("\"photos\":[{\"number\":1") && json.contains("\"type\":\"image/png\""), "\(json)")
        let place = ok(officer.ward("attachment", "list", shown, lang: "vi")).out
        #expect(place.contains("phường đã nhận đủ") && !place.contains("chưa đủ tệp"), "\(place)")
        _ = ok(officer.ward("attachment", "fetch", shown))
        _ = ok(officer.ward("sync"))
        #expect(ok(officer.ward("public", "show", shown, lang: "vi")).out.contains("Lưu ảnh ra tệp"))
        _ = ok(officer.ward("attachment", "save", shown, "1", "--out", officer.root + "/cong-khai.png"))
        _ = ok(officer.ward("attachment", "withhold", id, "1"))
        _ = ok(officer.ward("sync"))
        #expect(try photos() == 0)
    }

    @Test func aPrivatePhotoIsSaidToBePrivateOpensForTheOfficerAndIsNeverReleased() throws {
        let ward = try LoopbackWard()
        let resident = try FieldDayTests.home(ward)
        let officer = try FieldDayTests.home(ward, .officer, ["06685"], "Cán bộ Hà")
        let volunteer = try FieldDayTests.home(ward, .volunteer, ["06685.03"], "Lan")
        let (photo, paper) = (resident.root + "/cong.png", resident.root + "/can-cuoc.png")
        writeFile(photo, TestPicture.png(width: 120, height: 90))
        writeFile(paper, TestPicture.png(width: 400, height: 300))
        let draft = resident.ward("report", "new", "-t", "Thử", "--draft", "--private-photo", paper)
        #expect(draft.code == 2 && draft.err.contains("--private-photo"))
        let new = ok(
            resident.ward(
                "report", "new", "-t", "Nắp cống vỡ", "--area", "3", "--photo", photo, "--private-photo", paper,
                "--json"))
        let id = String(try #require(new.json("short_id")).prefix(8))
        _ = ok(resident.ward("attach", id, paper, "--private"))
        unlink(paper)
        let page = ok(resident.ward("report", "show", id, lang: "vi")).out
        #expect(page.contains("tệp kín (ảnh)") && !page.contains("Khoá của tệp kín"), "\(page)")
        _ = ok(resident.ward("sync"))
        let (out, mine) = (officer.root + "/giay-to.png", resident.root + "/cua-toi.png")
        let stripped = ImageMetadata.strip(TestPicture.png(width: 400, height: 300), .png)
        for number in ["2", "3"] {
            _ = ok(resident.ward("attachment", "save", id, number, "--out", mine, lang: "vi"))
            #expect(BoundedFile.bytes(mine, most: 1 << 20) == stripped)
            unlink(mine)
        }
        _ = ok(officer.ward("sync"))
        // Not here yet, which is another thing than not to be opened.
        #expect(officer.ward("attachment", "save", id, "2", "--out", out).code == 3)
        _ = ok(officer.ward("attachment", "fetch", id, "2"))
        _ = ok(officer.ward("sync"))
        let saved = ok(officer.ward("attachment", "save", id, "2", "--out", out, lang: "vi"))
        #expect((saved.out + saved.err).contains("không còn niêm phong"))
        #expect(BoundedFile.bytes(out, most: 1 << 20) == stripped)

        _ = ok(volunteer.ward("sync"))
        let listed = ok(volunteer.ward("attachment", "list", id, lang: "vi")).out
        #expect(listed.contains("tệp kín (ảnh)") && listed.contains("máy này không mở được"))
        let refused = volunteer.ward("attachment", "save", id, "2", "--out", volunteer.root + "/x.png", lang: "vi")
        #expect(refused.code == 5 && refused.err.contains("niêm phong cho phường"), "\(refused.err)")
        #expect(refused.err.contains("ward sync") && refused.err.contains("vai trò"))
        #expect(access(volunteer.root + "/x.png", F_OK) != 0)

        let released = officer.ward("attachment", "release", id, "2", lang: "vi")
        #expect(released.code == 5 && released.err.contains("không công khai được"), "\(released.err)")
        _ = ok(officer.ward("attachment", "release", id, "1"))
        // Taken off: gone from the list, and its key with it.
        _ = ok(officer.ward("attachment", "remove", id, "3"))
        for home in [officer, resident] { _ = ok(home.ward("sync")) }
        let left = ok(resident.ward("attachment", "list", id, "--json")).out
        #expect(left.contains("\"number\":2") && !left.contains("\"number\":3"))
    }

    /// Where an identity paper was photographed is often somebody's home.
    @Test func aPrivatePhotosPlaceIsNotTaken() throws {
        let ward = try LoopbackWard()
        let resident = try FieldDayTests.home(ward)
        for (option, isTaken) in [("--photo", true), ("--private-photo", false)] {
            let photo = resident.root + "/anh.jpg"
            writeFile(photo, try TestPicture.jpegWithPlace())
            let new = ok(resident.ward("report", "new", "-t", "Đèn hỏng", "--area", "3", option, photo, "--json"))
            let id = String(try #require(new.json("short_id")).prefix(8))
            #expect(ok(resident.ward("report", "show", id, "--json")).out.contains("\"location\"") == isTaken)
        }
    }

    @Test func aPhotosPlaceFindsWhatIsReportedNearby() throws {
        let ward = try LoopbackWard()
        let resident = try FieldDayTests.home(ward)
        let photo = resident.root + "/anh.jpg"
        writeFile(photo, try TestPicture.jpegWithPlace())
        let new = ["report", "new", "-c", "lighting", "--area", "3", "--json"]
        _ = ok(resident.ward(new + ["-t", "Đèn A", "--at", "20.95,107.0833333"]))
        #expect(ok(resident.ward(new + ["-t", "Đèn B", "--photo", photo])).out.contains("Đèn A"))
        let without = ok(resident.ward(new + ["-t", "Đèn C", "--photo", photo, "--no-place"]))
        #expect(!without.out.contains("Đèn A") && !without.err.contains("107"))
        let id = String(try #require(without.json("short_id")).prefix(8))
        #expect(!ok(resident.ward("report", "show", id, "--json")).out.contains("\"location\""))

        // A report without a place is offered the photo's, which is never put over another.
        _ = ok(resident.ward("attach", id, photo, "--no-place"))
        #expect(!ok(resident.ward("report", "show", id, "--json")).out.contains("\"location\""))
        let attached = ok(resident.ward("attach", id, photo, lang: "vi"))
        #expect((attached.out + attached.err).contains("ward report edit"), "\(attached.err)")
        #expect(ok(resident.ward("report", "show", id, lang: "vi")).out.contains("107.0833"))
        let again = ok(resident.ward("attach", id, photo, lang: "vi"))
        #expect(!again.err.contains("ward report edit"))
    }

    @Test func atATerminalAPhotosPlaceIsAskedFor() throws {
        let ward = try LoopbackWard()
        for (answer, isTaken) in [("k", false), ("", true)] {
            let resident = try FieldDayTests.home(ward)
            let photo = resident.root + "/anh.jpg"
            writeFile(photo, try TestPicture.jpegWithPlace())
            let run = try #require(
                TerminalRun(
                    [
                        "report", "new", "-t", "Đèn hỏng", "--area", "3", "--photo", photo, "--home", resident.path,
                        "--lang", "vi",
                    ], environment: ["PATH=/usr/bin:/bin", "HOME=" + resident.root, "TERM=xterm"]))
            #expect(run.answer("Lấy vị trí này", answer, isSecret: false), "\(run.shown)")
            #expect(run.end() == 0, "\(run.shown)")
            let list = ok(resident.ward("report", "list", "--json"))
            let id = String(try #require(list.json("short_id")).prefix(8))
            let shown = ok(resident.ward("report", "show", id, "--json")).out
            #expect(shown.contains("\"location\"") == isTaken, "\(shown)")
        }
    }

    @Test func aBundleSaysWhichFilesStayBehindAndACourierWritesNoneOfTheirOwn() throws {
        let ward = try LoopbackWard()
        let resident = try FieldDayTests.home(ward)
        _ = ok(resident.ward("sync"))
        let empty = ok(resident.ward("bundle", "export", "--carried", "--to", resident.root, "--json"))
        #expect(empty.out.contains("\"files\":[]") && empty.out.contains("\"parts\":0"), "\(empty.out)")
        let told = ok(resident.ward("bundle", "export", "--carried", "--to", resident.root, lang: "vi")).out
        #expect(told.contains("không ghi gói riêng") && !told.contains(".wsb"), "\(told)")

        let photo = resident.root + "/anh.png"
        writeFile(photo, TestPicture.png(width: 120, height: 90))
        _ = ok(resident.ward("report", "new", "-t", "Nắp cống vỡ", "--area", "3", "--photo", photo))
        for option in ["--text-only", "--qr"] {
            let run = ok(resident.ward("bundle", "export", option, "--to", resident.root, lang: "vi"))
            #expect((run.out + run.err).contains("Còn 1 tệp ("), "\(run.out)\(run.err)")
            let json = ok(resident.ward("bundle", "export", option, "--to", resident.root, "--json")).out
            #expect(json.contains("\"left_files\":1") && !json.contains("\"left_bytes\":0"))
        }
        let whole = ok(resident.ward("bundle", "export", "--carried", "--to", resident.root, lang: "vi"))
        #expect(whole.out.contains(".wsb") && !(whole.out + whole.err).contains("tệp ("), "\(whole.out)\(whole.err)")
    }

    @Test func bytesAreReadAsPeopleWriteThem() {
        #expect(CommandRun.bytes("200K") == 200_000)
        #expect(CommandRun.bytes("2M") == 2_000_000)
        #expect(CommandRun.bytes("4096") == 4096)
        for wrong in ["", "K", "-1", "1.5M", "2G", "99999999999", "2 M"] { #expect(CommandRun.bytes(wrong) == nil) }
        for failures in [1, 2, 5, 50, .max] {
            let wait = CommandRun.backoff(failures)
            #expect((1...300).contains(wait))
        }
        // Those who lost coverage together do not come back together.
        let waits = (0..<200).map { _ in CommandRun.backoff(50) }
        #expect(Set(waits).count > 20 && waits.allSatisfy { (150...300).contains($0) })
        #expect(CommandRun.backoff(1, .transport(TransportError(.busy(seconds: 17)))) == 17)
    }
}
