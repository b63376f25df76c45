// What follows from a task's claims and steps beyond its holder and its present state.

extension DocumentState {
    /// A device's claim that came after the holder's and that nobody settled; `nil` where the device holds the task.
    package func lostClaim(of device: DeviceID) -> Entry? {
        guard kind == .task else { return nil }
        let (holder, held) = claims(TaskField.claimant)
        guard let holder, holder.dot.device != device else { return nil }
        return entries(TaskField.claimant).last {
            $0.action == .claim && $0.dot.device == device && ($0.outcome == .lost || $0.outcome == .effective)
                && !$0.isSettled && !held.contains($0.dot)
        }
    }

    /// Whether nobody holds the task because its holder gave it back.
    package var wasReleased: Bool {
        let (holder, held) = claims(TaskField.claimant)
        return holder == nil && !held.isEmpty
    }

    /// Whether the present step took the task from done back to the open ones: it is to be done again.
    package var wasSentBack: Bool {
        let present = present
        guard kind == .task, present.state == 1, present.dot != creation else { return false }
        let steps = entries(Schema.stateField)
        guard let step = steps.last(where: { $0.dot == present.dot && $0.action == .transition }),
            let followed = SlotState.decodeDots(step.value).first
        else { return false }
        return steps.contains { $0.dot == followed && $0.action == .transition && $0.state == 3 }
    }

    /// The devices that the task was assigned to.
    package var assignees: [DeviceID] {
        var devices: [DeviceID] = []
        for entry in entries(TaskField.assignees) {
            guard case .bytes(let bytes)? = try? CBORValue(decoding: entry.value), let digest = Digest(bytes) else {
                continue
            }
            let device = DeviceID(digest)
            if !devices.contains(device) { devices.append(device) }
        }
        return devices
    }

    /// The checklist's items that have a text, by their numbers, and whether each is ticked.
    package var checklist: [(key: UInt32, text: String, isChecked: Bool)] {
        slots.compactMap { slot in
            guard slot.slot.field == TaskField.checklist, let key = slot.slot.key,
                case .text(let text)? = shown(slot.slot).flatMap({ try? CBORValue(decoding: $0.value) })
            else { return nil }
            let checked = shown(Slot(field: TaskField.checked, key: key)).flatMap { try? CBORValue(decoding: $0.value) }
            return (key, text, checked == .bool(true))
        }
    }

    /// The last step to a state that counted.
    package func lastStep(to state: UInt8) -> Entry? { countedSteps.last { $0.state == state } }
}
