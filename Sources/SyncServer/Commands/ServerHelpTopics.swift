// What `ward-server help TOPIC` explains to the person who looks after a ward.
import CommandLineKit
import SyncKit

/// The topics of `ward-server`.
enum ServerHelpTopics {
    static let all = [keys, quarantine, joining]

    private static let keys = HelpTopic(
        ["keys", "khoa"],
        title: Message(vi: "Khoá gốc và các khoá làm việc", en: "The root key and the working keys"),
        text: Message(
            vi: """
                Khoá gốc là danh tính của phường. Chỉ cần nó khi đổi địa chỉ, đổi khoá hoặc khôi phục từ bản sao lưu. Hãy cất nó ở nơi không nối mạng, hai bản ở hai chỗ khác nhau.
                Các khoá trong thư mục keys dùng hằng ngày để ký biên nhận và mở thông tin riêng. Ai có chúng thì đọc được thông tin riêng của người dân: chỉ để tài khoản chạy máy chủ đọc được.
                Mất khoá gốc không làm mất dữ liệu, nhưng phường không đổi địa chỉ hay khoá được nữa.
                """,
            en: """
                The root key is the ward's identity. It is needed only for new addresses, new keys and a restore. Keep it offline, two copies in two places.
                The keys in the folder keys are used every day, to sign receipts and to open private values. Whoever has them can read what residents keep private: only the account that runs the server should.
                Losing the root key loses no data, but the ward can then no longer change its addresses or keys.
                """))

    private static let quarantine = HelpTopic(
        ["quarantine", "tam-giu"],
        title: Message(vi: "Gói thay đổi bị tạm giữ", en: "Change sets that are held"),
        text: Message(
            vi: """
                Có gói thay đổi tới mà chưa thể tính: từ máy đã bị thu hồi, từ phiên bản mới hơn, hoặc thiếu gói đi trước. Chúng được giữ nguyên, không ai mất gì, và người gửi được báo.
                Xem, rồi cho tính hoặc từ chối hẳn:
                  ward-server quarantine list
                  ward-server quarantine show THIẾT-BỊ:SỐ
                  ward-server quarantine release THIẾT-BỊ:SỐ --reason 'lý do'
                  ward-server quarantine decline THIẾT-BỊ:SỐ --reason 'lý do'
                Một gói được tính ở vị trí mới trong sổ phường, như vừa tới.
                """,
            en: """
                Some change sets arrive and cannot count yet: from a revoked device, from a newer version, or before what they build on. They are kept as they are, nobody loses anything, and their author is told.
                Look at them, then let them count or refuse them for good:
                  ward-server quarantine list
                  ward-server quarantine show DEVICE:SEQ
                  ward-server quarantine release DEVICE:SEQ --reason 'why'
                  ward-server quarantine decline DEVICE:SEQ --reason 'why'
                What is released counts at its new position in the ward log, as if it had just arrived.
                """))

    private static let joining = HelpTopic(
        ["joining", "tham-gia"],
        title: Message(vi: "Đưa người và thiết bị vào phường", en: "Bringing people and devices in"),
        text: Message(
            vi: """
                Người dân chỉ cần bản mô tả phường. Treo nó thành áp phích có mã QR:
                  ward-server descriptor --svg ap-phich.svg
                Thành viên tổ và cán bộ cần thêm lời mời, dùng một lần và có hạn:
                  ward-server invite --role volunteer --area 06685.03 --name 'Chị Hoa' --qr
                Mất máy thì thu hồi ngay. Việc đã nhận từ máy đó vẫn còn:
                  ward-server revoke THIẾT-BỊ
                """,
            en: """
                Residents need nothing but the ward's descriptor. Hang it up as a poster with a QR code:
                  ward-server descriptor --svg poster.svg
                Team members and officers need an invitation too; it works once and expires:
                  ward-server invite --role volunteer --area 06685.03 --name 'Hoa' --qr
                Revoke a lost device at once. What was received from it stays:
                  ward-server revoke DEVICE
                """))
}

/// What completion offers: the ward's own code. Devices and what is held are the server's to tell, not a file's.
enum ServerLists {
    static let lists = ValueLists(folding: SearchFold.fold) { query in
        guard query.list == "area" else { return [] }
        let home = WardHome(query.home ?? WardHome.standard(Environment.value))
        guard let ward = try? home.readDescriptor().descriptor, ward.area.hasPrefix(query.typed) else { return [] }
        return [Candidate(ward.area, about: ward.name)]
    }
}
