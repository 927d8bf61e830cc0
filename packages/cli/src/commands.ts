import AlarmAnswer from './commands/alarm/answer.ts'
import AlarmImprove from './commands/alarm/improve.ts'
import AlarmList from './commands/alarm/list.ts'
import AlarmMeasures from './commands/alarm/measures.ts'
import AlarmShow from './commands/alarm/show.ts'
import AttachmentAdd from './commands/attachment/add.ts'
import AttachmentBudget from './commands/attachment/budget.ts'
import AttachmentDrop from './commands/attachment/drop.ts'
import AttachmentKeep from './commands/attachment/keep.ts'
import AttachmentList from './commands/attachment/list.ts'
import AttachmentShow from './commands/attachment/show.ts'
import AuditList from './commands/audit/list.ts'
import BundleRead from './commands/bundle/read.ts'
import BundleShow from './commands/bundle/show.ts'
import BundleWrite from './commands/bundle/write.ts'
import CalendarList from './commands/calendar/list.ts'
import CalendarLoad from './commands/calendar/load.ts'
import CalendarShow from './commands/calendar/show.ts'
import CaseDispatch from './commands/case/dispatch.ts'
import CaseEvidence from './commands/case/evidence.ts'
import CaseKind from './commands/case/kind.ts'
import CaseKinds from './commands/case/kinds.ts'
import CaseList from './commands/case/list.ts'
import CaseMeasures from './commands/case/measures.ts'
import CaseOpen from './commands/case/open.ts'
import CaseShow from './commands/case/show.ts'
import CaseStep from './commands/case/step.ts'
import CheckpointList from './commands/checkpoint/list.ts'
import CheckpointMake from './commands/checkpoint/make.ts'
import CheckpointPrune from './commands/checkpoint/prune.ts'
import CheckpointVerify from './commands/checkpoint/verify.ts'
import ClaimGive from './commands/claim/give.ts'
import ClaimList from './commands/claim/list.ts'
import ClaimRelease from './commands/claim/release.ts'
import ClaimTake from './commands/claim/take.ts'
import Completion from './commands/completion.ts'
import ConflictList from './commands/conflict/list.ts'
import ConflictSettle from './commands/conflict/settle.ts'
import ConsentGive from './commands/consent/give.ts'
import ConsentList from './commands/consent/list.ts'
import ConsentWithdraw from './commands/consent/withdraw.ts'
import Day from './commands/day.ts'
import DeviceAdd from './commands/device/add.ts'
import DeviceDecode from './commands/device/decode.ts'
import DeviceDiscover from './commands/device/discover.ts'
import DeviceEdit from './commands/device/edit.ts'
import DeviceImport from './commands/device/import.ts'
import DeviceList from './commands/device/list.ts'
import DeviceNorms from './commands/device/norms.ts'
import DeviceRead from './commands/device/read.ts'
import DeviceReadings from './commands/device/readings.ts'
import DeviceReplace from './commands/device/replace.ts'
import DeviceRetire from './commands/device/retire.ts'
import DeviceReview from './commands/device/review.ts'
import DeviceScan from './commands/device/scan.ts'
import DeviceSheet from './commands/device/sheet.ts'
import DeviceShow from './commands/device/show.ts'
import DeviceSimulate from './commands/device/simulate.ts'
import DeviceSimulateMqtt from './commands/device/simulate-mqtt.ts'
import DiaryAdd from './commands/diary/add.ts'
import DiaryDone from './commands/diary/done.ts'
import DiaryList from './commands/diary/list.ts'
import Digest from './commands/digest.ts'
import DispatchList from './commands/dispatch/list.ts'
import DispatchReport from './commands/dispatch/report.ts'
import DispatchShow from './commands/dispatch/show.ts'
import Doctor from './commands/doctor.ts'
import ErrandList from './commands/errand/list.ts'
import ErrandOpen from './commands/errand/open.ts'
import ErrandReceipt from './commands/errand/receipt.ts'
import ErrandShow from './commands/errand/show.ts'
import ErrandStep from './commands/errand/step.ts'
import Export from './commands/export.ts'
import Find from './commands/find.ts'
import FormAdd from './commands/form/add.ts'
import FormCheck from './commands/form/check.ts'
import FormExport from './commands/form/export.ts'
import FormFill from './commands/form/fill.ts'
import FormList from './commands/form/list.ts'
import FormRetire from './commands/form/retire.ts'
import FormShow from './commands/form/show.ts'
import GatewayBackup from './commands/gateway/backup.ts'
import GatewayCheck from './commands/gateway/check.ts'
import GatewayInit from './commands/gateway/init.ts'
import GatewayInstall from './commands/gateway/install.ts'
import GatewayMqttPassword from './commands/gateway/mqtt-password.ts'
import GatewayRestore from './commands/gateway/restore.ts'
import GatewayRun from './commands/gateway/run.ts'
import GridAdd from './commands/grid/add.ts'
import GridHandover from './commands/grid/handover.ts'
import GridList from './commands/grid/list.ts'
import HouseholdAdd from './commands/household/add.ts'
import HouseholdCarry from './commands/household/carry.ts'
import HouseholdDuplicates from './commands/household/duplicates.ts'
import HouseholdEdit from './commands/household/edit.ts'
import HouseholdList from './commands/household/list.ts'
import HouseholdMerge from './commands/household/merge.ts'
import HouseholdMerges from './commands/household/merges.ts'
import HouseholdMove from './commands/household/move.ts'
import HouseholdMoves from './commands/household/moves.ts'
import HouseholdNotSame from './commands/household/not-same.ts'
import HouseholdPeople from './commands/household/people.ts'
import HouseholdShow from './commands/household/show.ts'
import HouseholdUnmerge from './commands/household/unmerge.ts'
import Import from './commands/import.ts'
import Init from './commands/init.ts'
import LeaveCorrect from './commands/leave/correct.ts'
import LeaveEnd from './commands/leave/end.ts'
import LeaveList from './commands/leave/list.ts'
import LeaveNote from './commands/leave/note.ts'
import MemberGrant from './commands/member/grant.ts'
import MemberInvite from './commands/member/invite.ts'
import MemberInvites from './commands/member/invites.ts'
import MemberJoin from './commands/member/join.ts'
import MemberList from './commands/member/list.ts'
import MemberRatify from './commands/member/ratify.ts'
import MemberRemove from './commands/member/remove.ts'
import MemberRole from './commands/member/role.ts'
import MemberVoided from './commands/member/voided.ts'
import MemberWithdraw from './commands/member/withdraw.ts'
import Overview from './commands/overview.ts'
import PassphraseChange from './commands/passphrase/change.ts'
import PassphraseForgotten from './commands/passphrase/forgotten.ts'
import PassphraseRescue from './commands/passphrase/rescue.ts'
import PassphraseRestore from './commands/passphrase/restore.ts'
import PersonAdd from './commands/person/add.ts'
import PersonAway from './commands/person/away.ts'
import PersonDied from './commands/person/died.ts'
import PersonDuplicates from './commands/person/duplicates.ts'
import PersonEdit from './commands/person/edit.ts'
import PersonList from './commands/person/list.ts'
import PersonMerge from './commands/person/merge.ts'
import PersonMerges from './commands/person/merges.ts'
import PersonMismatch from './commands/person/mismatch.ts'
import PersonMoveIn from './commands/person/move-in.ts'
import PersonMoveOut from './commands/person/move-out.ts'
import PersonNotSame from './commands/person/not-same.ts'
import PersonShow from './commands/person/show.ts'
import PersonUndo from './commands/person/undo.ts'
import PersonUnmerge from './commands/person/unmerge.ts'
import PracticeReset from './commands/practice/reset.ts'
import PracticeScore from './commands/practice/score.ts'
import PracticeStart from './commands/practice/start.ts'
import PracticeTasks from './commands/practice/tasks.ts'
import PrintContact from './commands/print/contact.ts'
import PrintForm from './commands/print/form.ts'
import PrintMeters from './commands/print/meters.ts'
import PrintNotice from './commands/print/notice.ts'
import PrintRecord from './commands/print/record.ts'
import QuarantineDismiss from './commands/quarantine/dismiss.ts'
import QuarantineList from './commands/quarantine/list.ts'
import QuarantineRelease from './commands/quarantine/release.ts'
import RecoveryAppoint from './commands/recovery/appoint.ts'
import RecoveryPrint from './commands/recovery/print.ts'
import RecoveryRemove from './commands/recovery/remove.ts'
import RecoveryRestore from './commands/recovery/restore.ts'
import ReportHtml from './commands/report/html.ts'
import ReportTable from './commands/report/table.ts'
import RetentionDue from './commands/retention/due.ts'
import RetentionErase from './commands/retention/erase.ts'
import RetentionTable from './commands/retention/table.ts'
import Reveal from './commands/reveal.ts'
import RuleAdjust from './commands/rule/adjust.ts'
import RuleList from './commands/rule/list.ts'
import RuleReplay from './commands/rule/replay.ts'
import RuleSet from './commands/rule/set.ts'
import RuleShow from './commands/rule/show.ts'
import StationDecommission from './commands/station/decommission.ts'
import StationInvite from './commands/station/invite.ts'
import StationKeys from './commands/station/keys.ts'
import StationList from './commands/station/list.ts'
import StationRemove from './commands/station/remove.ts'
import Support from './commands/support.ts'
import SweepClose from './commands/sweep/close.ts'
import SweepList from './commands/sweep/list.ts'
import SweepOpen from './commands/sweep/open.ts'
import SweepShow from './commands/sweep/show.ts'
import SyncCarry from './commands/sync/carry.ts'
import SyncNow from './commands/sync/now.ts'
import SyncServe from './commands/sync/serve.ts'
import SyncStatus from './commands/sync/status.ts'
import SyncWarn from './commands/sync/warn.ts'
import TemplateAdd from './commands/template/add.ts'
import TemplateCheck from './commands/template/check.ts'
import TemplateDrop from './commands/template/drop.ts'
import TemplateList from './commands/template/list.ts'
import TemplateMeasures from './commands/template/measures.ts'
import VisitDue from './commands/visit/due.ts'
import VisitList from './commands/visit/list.ts'
import VisitMissed from './commands/visit/missed.ts'
import VisitPaper from './commands/visit/paper.ts'
import VisitRecord from './commands/visit/record.ts'
import VisitShow from './commands/visit/show.ts'
import VisitWithdraw from './commands/visit/withdraw.ts'
import Workstation from './commands/workstation.ts'

/** Every command by its id; `:` stands for the space between words. */
export const COMMANDS = {
  'alarm:answer': AlarmAnswer,
  'alarm:improve': AlarmImprove,
  'alarm:list': AlarmList,
  'alarm:measures': AlarmMeasures,
  'alarm:show': AlarmShow,
  'attachment:add': AttachmentAdd,
  'attachment:budget': AttachmentBudget,
  'attachment:drop': AttachmentDrop,
  'attachment:keep': AttachmentKeep,
  'attachment:list': AttachmentList,
  'attachment:show': AttachmentShow,
  'audit:list': AuditList,
  'bundle:read': BundleRead,
  'bundle:show': BundleShow,
  'bundle:write': BundleWrite,
  'calendar:list': CalendarList,
  'calendar:load': CalendarLoad,
  'calendar:show': CalendarShow,
  'case:dispatch': CaseDispatch,
  'case:evidence': CaseEvidence,
  'case:kind': CaseKind,
  'case:kinds': CaseKinds,
  'case:list': CaseList,
  'case:measures': CaseMeasures,
  'case:open': CaseOpen,
  'case:show': CaseShow,
  'case:step': CaseStep,
  'checkpoint:list': CheckpointList,
  'checkpoint:make': CheckpointMake,
  'checkpoint:prune': CheckpointPrune,
  'checkpoint:verify': CheckpointVerify,
  'claim:give': ClaimGive,
  'claim:list': ClaimList,
  'claim:release': ClaimRelease,
  'claim:take': ClaimTake,
  completion: Completion,
  'conflict:list': ConflictList,
  'conflict:settle': ConflictSettle,
  'consent:give': ConsentGive,
  'consent:list': ConsentList,
  'consent:withdraw': ConsentWithdraw,
  day: Day,
  'device:add': DeviceAdd,
  'device:decode': DeviceDecode,
  'device:discover': DeviceDiscover,
  'device:edit': DeviceEdit,
  'device:import': DeviceImport,
  'device:norms': DeviceNorms,
  'device:readings': DeviceReadings,
  'device:replace': DeviceReplace,
  'device:retire': DeviceRetire,
  'device:review': DeviceReview,
  'device:sheet': DeviceSheet,
  'device:show': DeviceShow,
  'device:list': DeviceList,
  'device:read': DeviceRead,
  'device:scan': DeviceScan,
  'device:simulate': DeviceSimulate,
  'device:simulate-mqtt': DeviceSimulateMqtt,
  'diary:add': DiaryAdd,
  'diary:done': DiaryDone,
  'diary:list': DiaryList,
  digest: Digest,
  'dispatch:list': DispatchList,
  'dispatch:report': DispatchReport,
  'dispatch:show': DispatchShow,
  doctor: Doctor,
  'errand:list': ErrandList,
  'errand:open': ErrandOpen,
  'errand:receipt': ErrandReceipt,
  'errand:show': ErrandShow,
  'errand:step': ErrandStep,
  export: Export,
  find: Find,
  'form:add': FormAdd,
  'form:check': FormCheck,
  'form:export': FormExport,
  'form:fill': FormFill,
  'form:list': FormList,
  'form:retire': FormRetire,
  'form:show': FormShow,
  'gateway:backup': GatewayBackup,
  'gateway:check': GatewayCheck,
  'gateway:init': GatewayInit,
  'gateway:install': GatewayInstall,
  'gateway:restore': GatewayRestore,
  'gateway:mqtt-password': GatewayMqttPassword,
  'gateway:run': GatewayRun,
  'grid:add': GridAdd,
  'grid:handover': GridHandover,
  'grid:list': GridList,
  'household:add': HouseholdAdd,
  'household:carry': HouseholdCarry,
  'household:edit': HouseholdEdit,
  'household:list': HouseholdList,
  'household:move': HouseholdMove,
  'household:moves': HouseholdMoves,
  'household:people': HouseholdPeople,
  'household:duplicates': HouseholdDuplicates,
  'household:merge': HouseholdMerge,
  'household:merges': HouseholdMerges,
  'household:not-same': HouseholdNotSame,
  'household:unmerge': HouseholdUnmerge,
  'household:show': HouseholdShow,
  import: Import,
  init: Init,
  'leave:correct': LeaveCorrect,
  'leave:end': LeaveEnd,
  'leave:list': LeaveList,
  'leave:note': LeaveNote,
  'member:grant': MemberGrant,
  'member:invite': MemberInvite,
  'member:invites': MemberInvites,
  'member:join': MemberJoin,
  'member:list': MemberList,
  'member:ratify': MemberRatify,
  'member:remove': MemberRemove,
  'member:role': MemberRole,
  'member:voided': MemberVoided,
  'member:withdraw': MemberWithdraw,
  overview: Overview,
  'passphrase:change': PassphraseChange,
  'passphrase:forgotten': PassphraseForgotten,
  'passphrase:rescue': PassphraseRescue,
  'passphrase:restore': PassphraseRestore,
  'person:add': PersonAdd,
  'person:away': PersonAway,
  'person:died': PersonDied,
  'person:edit': PersonEdit,
  'person:list': PersonList,
  'person:mismatch': PersonMismatch,
  'person:move-in': PersonMoveIn,
  'person:move-out': PersonMoveOut,
  'person:undo': PersonUndo,
  'person:duplicates': PersonDuplicates,
  'person:merge': PersonMerge,
  'person:merges': PersonMerges,
  'person:not-same': PersonNotSame,
  'person:unmerge': PersonUnmerge,
  'person:show': PersonShow,
  'practice:reset': PracticeReset,
  'practice:score': PracticeScore,
  'practice:start': PracticeStart,
  'practice:tasks': PracticeTasks,
  'print:contact': PrintContact,
  'print:form': PrintForm,
  'print:meters': PrintMeters,
  'print:notice': PrintNotice,
  'print:record': PrintRecord,
  'quarantine:dismiss': QuarantineDismiss,
  'quarantine:list': QuarantineList,
  'quarantine:release': QuarantineRelease,
  'recovery:appoint': RecoveryAppoint,
  'recovery:print': RecoveryPrint,
  'recovery:remove': RecoveryRemove,
  'recovery:restore': RecoveryRestore,
  'report:html': ReportHtml,
  'report:table': ReportTable,
  'retention:due': RetentionDue,
  'retention:erase': RetentionErase,
  'retention:table': RetentionTable,
  reveal: Reveal,
  'rule:adjust': RuleAdjust,
  'rule:list': RuleList,
  'rule:replay': RuleReplay,
  'rule:set': RuleSet,
  'rule:show': RuleShow,
  'station:decommission': StationDecommission,
  'station:invite': StationInvite,
  'station:keys': StationKeys,
  'station:list': StationList,
  'station:remove': StationRemove,
  support: Support,
  'sweep:close': SweepClose,
  'sweep:list': SweepList,
  'sweep:open': SweepOpen,
  'sweep:show': SweepShow,
  'sync:carry': SyncCarry,
  'sync:now': SyncNow,
  'sync:serve': SyncServe,
  'sync:status': SyncStatus,
  'sync:warn': SyncWarn,
  'template:add': TemplateAdd,
  'template:check': TemplateCheck,
  'template:drop': TemplateDrop,
  'template:list': TemplateList,
  'template:measures': TemplateMeasures,
  'visit:due': VisitDue,
  'visit:list': VisitList,
  'visit:missed': VisitMissed,
  'visit:paper': VisitPaper,
  'visit:record': VisitRecord,
  'visit:show': VisitShow,
  'visit:withdraw': VisitWithdraw,
  workstation: Workstation,
}
