// The dictionaries that frames are compressed with. Every version is kept, so that old frames stay readable.

/// The compression dictionaries of the protocol, by their number.
package enum FrameDictionary {
    /// What this program writes with.
    package static let current = CompressionDictionary(id: 3, bytes: Base32.decode(dictionary3) ?? [])
    private static let older = CompressionDictionary(id: 2, bytes: Bytes(dictionary2.utf8))

    /// The dictionary with this number, if this program has it.
    package static func named(_ id: UInt32) -> CompressionDictionary? {
        switch id {
        case 2: older
        case 3: current
        default: nil
        }
    }

    /// Dictionary 2: words and phrases of civic reports, the most frequent last, where they cost least to name.
    private static let dictionary2 = """
        thủ tục hành chính đăng ký khai sinh khai tử kết hôn chứng thực bản sao hộ khẩu căn cước tạm trú dịch vụ công \
        cán bộ phường tiếp nhận hồ sơ trả kết quả bộ phận một cửa xin xác nhận giấy tờ hướng dẫn người dân hộ gia đình \
        mất điện mất nước mất sóng điện thoại di động cáp quang đường dây điện trạm biến áp đồng hồ nước ống nước vỡ rò rỉ \
        nắp cống hố ga thoát nước kênh mương ngập úng triều cường mưa lớn sạt lở tường rào mái tôn cây xanh cành gãy \
        vỉa hè lòng đường lấn chiếm bán hàng rong đỗ xe sai quy định biển báo đèn tín hiệu giao thông nhà văn hoá khu phố \
        tiếng ồn karaoke công trình xây dựng bụi khói mùi hôi rác thải sinh hoạt thùng rác thu gom ổ gà mặt đường hư hỏng \
        low normal high resident volunteer other lighting road garbage flood tree pavement noise water power telecom \
        equipment procedure Đề nghị kiểm tra và xử lý giúp. Cảm ơn cán bộ phường. Nhờ phường xem giúp, hiện nay chưa có ai \
        xử lý, đã báo tổ trưởng từ hôm qua, tối đi lại rất khó khăn và nguy hiểm cho trẻ em, người già. \
        đèn đường không sáng trước nhà số ngõ khu phố tổ dân phố
        """
}
