// What `ward help TOPIC` explains: how things work here, in a few sentences each.

import CommandLineKit

/// The topics of `ward`.
enum HelpTopics {
    static let all = [offline, sync, conflicts, privacy, areas, roles, search, ids]

    private static let offline = HelpTopic(
        ["offline", "ngoai-tuyen", "mat-mang"],
        title: m("Làm việc khi không có mạng", "Working without a network"),
        text: m(
            """
            Mọi lệnh, trừ «ward sync» và «ward join», làm việc ngay trên máy, không cần mạng. Khi chương trình nói «đã lưu», nội dung đã nằm an toàn trên ổ đĩa: tắt máy hay hết pin cũng không mất.
            Việc chưa gửi mang dấu «chờ gửi». Lúc nào có mạng, dù chỉ một lát, hãy chạy «ward sync». Mạng đứt giữa chừng không sao: phần đã nhận vẫn giữ, lần sau đi tiếp từ đó.
            Chỉ khi phường đã gửi biên nhận, chương trình mới nói là đã gửi xong.
            Không có mạng mà cần gửi: «ward bundle export» ghi một gói niêm phong cho người khác mang hộ, «ward bundle import» nhận trả lời của phường.
            Xem những gì còn chờ:
              ward status
            """,
            """
            Every command but “ward sync” and “ward join” works on this device, without a network. When the program says “saved”, it is safely on the disk: an empty battery loses nothing.
            What was not sent yet is marked as waiting. Whenever there is a network, even for a moment, run “ward sync”. If it is cut off, what arrived is kept and the next sync goes on from there.
            The program says that something was sent only when the ward's receipt has arrived.
            To send without a network: “ward bundle export” writes a sealed bundle for somebody to carry, “ward bundle import” takes the ward's answer.
            To see what still waits:
              ward status
            """))

    private static let sync = HelpTopic(
        ["syncing", "dong-bo"],
        title: m("Đồng bộ diễn ra thế nào", "What happens in a sync"),
        text: m(
            """
            «ward sync» gửi việc của bạn cho phường rồi lấy về những gì mới trong phạm vi của bạn. Chạy lại bao nhiêu lần cũng được: không có gì bị gửi đôi.
            Lần đầu có thể lâu, vì phải lấy hết danh mục của phường. Có thể dừng bằng Ctrl-C: phần đã nhận vẫn giữ.
            Tốn tiền mạng: đặt một lần những gì được đi qua 4g, qua Wi-Fi bằng «ward link set»; «ward sync» theo đó mà làm, «ward status» cho biết đang theo đường nào.
            Mã thoát 7 là chưa kết nối được: không mất gì, hãy thử lại sau. Mã thoát 6 là có việc cần bạn xem: phường chưa nhận một mục, và nói rõ vì sao.
            Nếu máy báo đồng hồ lệch, hãy chỉnh lại giờ. Giờ sai không làm mất việc, nhưng làm người khác khó hiểu.
            """,
            """
            “ward sync” sends your work to the ward and brings what is new within your scope. Run it as often as you like: nothing is sent twice.
            The first one may take a while, as it brings all that the ward publishes. You can stop it with Ctrl-C: what arrived is kept.
            Where data costs money: “ward link set” says once what may go over 4g and what over Wi-Fi; “ward sync” goes by it, and “ward status” says by which link.
            Exit code 7 means that the ward was not reached: nothing is lost, try again later. Exit code 6 means that something needs you: the ward did not accept an item, and says why.
            If the program tells you that the clock is off, please set it. A wrong clock loses nothing, but it confuses people.
            """))

    private static let conflicts = HelpTopic(
        ["conflicts", "xung-dot"],
        title: m("Khi hai người cùng sửa một điều", "When two people changed the same thing"),
        text: m(
            """
            Hai người cùng sửa một trường mà chưa biết về nhau: đó là xung đột. Không ai làm sai, và không bên nào bị xoá. Cả hai bên được giữ, trên mọi máy như nhau, cho tới khi có người quyết định.
            Sửa những trường khác nhau thì không phải xung đột: chương trình tự gộp.
            Xem, rồi chọn một bên và ghi lý do:
              ward conflict list
              ward conflict show MÃ
              ward conflict resolve MÃ --choose 2 --reason 'Đã xem tại chỗ'
            Lý do được gửi lại cho người viết cả hai bên, để ai cũng hiểu. «ward conflict explain MÃ» nói vì sao mục ở đó.
            Nhiều việc một lúc, ví dụ những lần sửa song song không cần làm gì:
              ward conflict dismiss --where kind=parallel --reason 'Đã xem, khớp'
            """,
            """
            Two people changed the same field and did not know of each other: that is a conflict. Nobody did anything wrong, and neither side is deleted. Both are kept, the same on every device, until a person decides.
            Changes of different fields are no conflict: they are merged.
            Look at it, then choose a side and say why:
              ward conflict list
              ward conflict show ID
              ward conflict resolve ID --choose 2 --reason 'Seen on the spot'
            The reason goes back to the authors of both sides, so that everybody understands. “ward conflict explain ID” says why something is there.
            Many at once, such as parallel edits that need nothing:
              ward conflict dismiss --where kind=parallel --reason 'Looked at, fits'
            """))

    private static let privacy = HelpTopic(
        ["privacy", "rieng-tu"],
        title: m("Điều gì được giữ kín", "What is kept private"),
        text: m(
            """
            Họ tên, điện thoại của người phản ánh, hộ gia đình và mã bí mật của hồ sơ được niêm phong ngay trên máy này. Chỉ phường mở được, và chỉ mở cho máy của người cần biết để làm việc.
            Ảnh giấy tờ tuỳ thân hay tệp riêng tư: đính kèm bằng --private-photo hoặc «ward attach … --private». Tệp được niêm phong trên máy này; người mang hộ, máy khác và bản sao lưu chỉ giữ bản mã. Tệp kín không bao giờ được công khai.
            Người theo dõi bằng mã tra cứu 16 ký tự chỉ thấy tiến độ công khai, không thấy thông tin riêng. Ai có mã thì xem được tiến độ: hãy giữ mã như giữ giấy hẹn.
            Mỗi máy chỉ nhận những gì vai trò và địa bàn của nó cho phép.
            Mất máy? Báo phường ngay để thu hồi. Việc đã gửi vẫn còn; việc đến sau được xem lại từng mục.
            """,
            """
            A reporter's name and phone, a household, and a dossier's second secret are sealed on this device. Only the ward opens them, and only for the devices of those who need them for their work.
            A photo of an identity paper, or another private file: attach it with --private-photo or “ward attach … --private”. It is sealed on this device; couriers, other devices and backups hold a ciphertext alone. A private file is never shown to everybody.
            Whoever follows a report with the 16-character look-up code sees its public progress and nothing private. Anybody who has the code can: keep it as you would keep a receipt.
            A device gets only what its role and its areas allow.
            Lost a device? Tell the ward at once, so that it is revoked. What was sent stays; what arrives later is looked at one by one.
            """))

    private static let areas = HelpTopic(
        ["areas", "dia-ban"],
        title: m("Địa bàn: phường và khu phố", "Areas: wards and neighborhoods"),
        text: m(
            """
            Mỗi khu phố có mã gồm mã phường và số thứ tự, như 06685.03. Trong phường mình chỉ cần gõ số: --area 3.
            Mã của phường gồm mọi khu phố trong đó. Tình nguyện viên và tổ trưởng làm việc trong địa bàn được giao; cán bộ làm việc trong cả phường.
            Phường cũ đã sáp nhập vẫn tìm được theo tên cũ; mục ghi theo tên cũ được hiện dưới phường mới.
            Xem mã và tên:
              ward area list
            """,
            """
            A neighborhood's code is the ward's code and a number, such as 06685.03. In your own ward the number is enough: --area 3.
            The ward's own code covers all of its neighborhoods. Volunteers and leads work in the areas that they were given; officers in the whole ward.
            A ward that was merged is still found by its old name; what was filed under it is shown under the new one.
            Codes and names:
              ward area list
            """))

    private static let roles = HelpTopic(
        ["roles", "vai-tro"],
        title: m("Ai làm được việc gì", "Who may do what"),
        text: m(
            """
            Người dân: gửi và theo dõi phản ánh của mình, bổ sung, mở lại, đánh giá; tra cứu hồ sơ của mình. Không cần tài khoản.
            Tình nguyện viên: nhận và làm nhiệm vụ trong địa bàn, ghi phản ánh và tra cứu hộ người dân.
            Tổ trưởng: thêm việc tạo, giao và xác nhận nhiệm vụ của tổ.
            Cán bộ phường: phân loại, giao xử lý, ghi kết quả, công khai, từ chối; giải quyết xung đột trong phường.
            Quản trị: mời và thu hồi thiết bị, quyết định mục tạm giữ, giải quyết xung đột. Kiểm tra: chỉ xem.
            Phường quyết định khi nhận. Máy này báo trước nếu thấy có thể bị từ chối; việc bị từ chối vẫn được giữ cùng lý do.
            Xem vai trò của máy này:
              ward whoami
            """,
            """
            Residents file and follow their own reports, add to them, reopen and rate them, and look their own dossiers up. No account is needed.
            Volunteers claim and do tasks in their areas, and file reports and look-ups for residents.
            Team leads also make, assign and verify their team's tasks.
            Ward officers classify, assign, resolve, publish and reject reports, and settle conflicts of the ward.
            Administrators invite and revoke devices, decide on what is held and settle conflicts. Auditors only read.
            The ward decides when it receives something. This device warns when it expects a refusal; what is refused is kept, with the reason.
            The role of this device:
              ward whoami
            """))

    private static let search = HelpTopic(
        ["search", "tim-kiem"],
        title: m("Tìm không cần gõ dấu", "Searching without accents"),
        text: m(
            """
            Gõ có dấu hay không dấu, chữ hoa hay chữ thường đều tìm được, các từ theo thứ tự nào cũng được, và chỉ cần phần đầu của từ. «dang ky khai sinh» tìm ra «Đăng ký khai sinh».
            Tìm ngay trên máy, không cần mạng:
              ward procedure search khai sinh
            Phân loại và trạng thái cũng nhận tên không dấu: --category 'rac thai', --state 'da xu ly'.
            Bật gợi ý để khỏi nhớ mã: xem «ward help completion».
            """,
            """
            Accents and capitals do not matter, nor does the order of the words, and the beginning of a word is enough: “dang ky khai sinh” finds “Đăng ký khai sinh”.
            Searches work on this device, without a network:
              ward procedure search khai sinh
            Categories and states take names without accents too: --category 'rac thai', --state 'da xu ly'.
            Completion spares you the codes: see “ward help completion”.
            """))

    private static let ids = HelpTopic(
        ["ids", "ma"],
        title: m("Mã của một mục và mã tra cứu", "Ids and look-up codes"),
        text: m(
            """
            Mỗi mục có một mã; danh sách hiện 7 ký tự đầu. Chỉ cần gõ vài ký tự đầu, miễn là không trùng mục khác. Chữ o được hiểu là 0, chữ i và l là 1.
            Mã tra cứu 16 ký tự là thứ khác: người dân dùng nó để theo dõi phản ánh. Nó có ký tự kiểm tra nên gõ nhầm một chữ là biết ngay.
            Đưa mã tra cứu cho người khác bằng mã QR:
              ward report show MÃ --qr
            """,
            """
            Everything has an id, of which lists show the first 7 characters. The first few are enough as long as they fit nothing else. The letter o is read as 0, i and l as 1.
            A look-up code of 16 characters is something else: a resident follows a report with it. It has a check character, so that a slip is noticed at once.
            To hand a look-up code over as a QR code:
              ward report show ID --qr
            """))
}
