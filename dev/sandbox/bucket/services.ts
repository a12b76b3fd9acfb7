import type { Clock } from '../clock';
import type { DetectionService } from '../detect/detectionService';
import type { FaultSelector } from '../faults/faultRules';
import type { Buckets } from '../http/host';
import type { Account, SignatureSettings } from '../http/signature';
import type { CallLog } from '../ledger/calls';
import type { Ledger } from '../ledger/ledger';
import type { Permissions } from '../permissions/permissions';
import type { RepairService } from '../repair/repairService';
import type { Store } from '../store/store';

/** What the bucket server and its operations work with. */
export interface Services {
	readonly store: Store;
	readonly repairs: RepairService;
	readonly detections: DetectionService;
	readonly buckets: Buckets;
	readonly account: Account;
	readonly signatures: SignatureSettings;
	readonly permissions: Permissions;
	readonly clock: Clock;
	readonly calls: CallLog;
	readonly ledger: Ledger;
	readonly faults: FaultSelector;
}
