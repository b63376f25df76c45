// What was decided at the console: its device's own chain, which nobody can take anything out of.
import CommandLineKit
import SyncKit

struct ActivityPage {
    let console: Console
    let context: ConsoleContext
    private var layout: ConsoleLayout { ConsoleLayout(context: context) }
    private static let pageLength = 50

    init(_ console: Console, _ context: ConsoleContext) {
        self.console = console
        self.context = context
    }

    func page(_ query: FormFields) throws(StoreError) -> HTTPResponse {
        let before = query["after"].flatMap { UInt64($0) }
        let found = try console.service.withCore {
            core throws(StoreError) -> (changes: [BrowsedChange], device: DeviceID?) in
            guard let device = core.consoleDevice else { return ([], nil) }
            var changes: [BrowsedChange] = []
            for stored in try core.actions(of: device, before: before, limit: Self.pageLength) {
                changes.append(try core.browsed(stored))
            }
            return (changes, device)
        }
        return layout.page(context.say(.activity), section: .activity) { html in
            html.tag("p", .style("lead"), text: context.say(.activityLead))
            guard let device = found.device, !found.changes.isEmpty else {
                html.tag("p", .style("card"), text: context.say(.noActivity))
                return
            }
            html.tag("p") { html in
                html.tag(
                    "a", .href(PagePath("/console/device", ["id": device.description])),
                    text: context.say(.consoleDevice))
            }
            ChangeTable(context: context).write(context.say(.activity), found.changes, people: [:], &html)
            let oldest = found.changes.last?.change.header.sequence ?? 1
            guard oldest > 1 || before != nil else { return }
            layout.pager(
                previous: before == nil ? nil : PagePath("/console/activity"),
                next: oldest > 1 ? PagePath("/console/activity", ["after": String(oldest)]) : nil,
                position: context.say(
                    .entriesFromTo, String(oldest), String(found.changes.first?.change.header.sequence ?? 0)), &html)
        }
    }
}
