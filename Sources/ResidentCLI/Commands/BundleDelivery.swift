// What is carried for others goes to the ward with a sync, and what the ward answers is fetched to be carried back.

import CommandLineKit
import SyncKit

extension CommandRun {
    /// Hands over what is carried and fetches returns. Failures of the network end it early; what was not handed over
    /// is kept, and the next sync goes on.
    /// - Parameter plan: what is left of the sync's bounds.
    func deliver(_ replica: Replica, _ transport: inout WardTransport, _ plan: LinkPlan) throws(ErrorReport)
        -> Delivery
    {
        var courier = BundleCourier(replica, transport, plan)
        do { try courier.deliver() } catch { throw Faults.report(error, home: home) }
        transport = courier.transport
        return courier.delivery
    }

    func tell(_ delivery: Delivery) {
        if delivery.handed > 0 { terminal.print(BundleSay.handed.message, String(delivery.handed)) }
        if delivery.waiting > 0 { terminal.print(BundleSay.handedWaits.message, String(delivery.waiting)) }
        if delivery.refused > 0 { terminal.warn(BundleSay.handedRefused.message, String(delivery.refused)) }
        if delivery.fetched > 0 { terminal.print(BundleSay.fetched.message, String(delivery.fetched)) }
        if delivery.left > 0 { terminal.print(BundleSay.handedLater.message, String(delivery.left)) }
        if delivery.isCut { terminal.warn(BundleSay.handingStopped.message) }
    }
}
