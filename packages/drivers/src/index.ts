/** Read-only drivers for the meters of a neighbourhood, the lines they are on, and simulated ones to try them with. */
export {
  type Aborted,
  type AskOptions,
  type Bus,
  type BusCounters,
  type BusOptions,
  type BusProblem,
  createBus,
  type LineDown,
  type NoReply,
  type Resting,
} from './bus.ts'
export type {
  Clock,
  DecodedFrame,
  DecodedItem,
  Driver,
  Frame,
  FrameError,
  InvalidRequest,
  ItemValue,
  Meaning,
  Missing,
  Noise,
  NoiseReason,
  Parsed,
  Parser,
  Port,
  PortClosed,
  Reading,
  ReadRequest,
  RejectedItem,
  Text,
} from './contract.ts'
export { type DecodedHex, decodeHex, type Language, type NotSupported } from './decode-hex.ts'
export { isOfItsLine, splitAddress } from './device-address.ts'
export { type DtuIdentity, dtuText, parseDtuText } from './dtu-greeting.ts'
export {
  type DtuAborted,
  type DtuAbsent,
  type DtuCounters,
  type DtuListener,
  type DtuState,
  listenDtus,
} from './dtu-listener.ts'
export { type AnswerHeard, hearAnswer, type Unheard } from './hear-answer.ts'
export type { Heard } from './heard.ts'
export { formatHex, type InvalidHex, parseHex } from './hex.ts'
export { createLastingBus, type LastingBus, type LastingBusOptions, type LineState } from './lasting-bus.ts'
export { type BadLineAddress, type LineAddress, openLine, parseLineAddress } from './line-address.ts'
export { createMeterMemory, type MeterMemory, type MeterRecord } from './meter-memory.ts'
export { findProfile, MODBUS_PROFILES, type ModbusProfile } from './modbus/profiles.ts'
export { type Broker, type BrokerLimits, type BrokerOptions, brokerLimits } from './mqtt/broker.ts'
export type { BrokerClient } from './mqtt/broker-access.ts'
export { hashPassword, isPasswordHash } from './mqtt/broker-password.ts'
export type { BrokerAway, MqttClientOptions } from './mqtt/client.ts'
export type { LastKnown, MqttDevice } from './mqtt/device-memory.ts'
export { type Discovered, discoverMqtt } from './mqtt/discover.ts'
export type { MqttMessage } from './mqtt/message.ts'
export { createMqttReader, type MqttReader, type ReaderOptions as MqttReaderOptions } from './mqtt/reader.ts'
export { runSimulatedBridge } from './mqtt/simulate-bridge.ts'
export {
  createSimulatedSensor,
  type SensorBehaviour,
  type SensorKind,
  type SimulatedSensor,
  sensorBehaviours,
  sensorProfiles,
} from './mqtt/simulate-sensor.ts'
export { createMqttSource, type MqttSource, type MqttSourceOptions } from './mqtt/source.ts'
export {
  createPoller,
  type NotPolled,
  type PolledMeter,
  type PolledMeterState,
  type Poller,
  type PollerOptions,
  type PollerStatus,
} from './poller.ts'
export { driver as cjt188 } from './protocols/cjt188.ts'
export { driver as dlt645 } from './protocols/dlt645.ts'
export { driver as mbus } from './protocols/mbus.ts'
export { driver as modbus } from './protocols/modbus.ts'
export { type ReadInterrupted, type ReadOptions, readAddress, readMeter } from './read-meter.ts'
export {
  isInVain,
  READABLE_PROTOCOLS,
  type ReadingPlan,
  readingPlans,
  splitProtocol,
} from './reading-plan.ts'
export { drivers } from './registry.gen.ts'
export {
  type FoundMeter,
  SCANNED_PROTOCOLS,
  type ScannedProtocol,
  type ScanOptions,
  type ScanProgress,
  type ScanReport,
  scanLine,
} from './scan/scan-line.ts'
export { type SerialScanReport, scanSerial } from './scan/scan-serial.ts'
export { openSerialPort, type SerialFailed, type SerialOptions, USUAL_SERIAL } from './serial-port.ts'
export type { Emission, Fault, SimulatedDevice } from './simulate/device.ts'
export { type DialAsDtu, type DtuDialling, dialAsDtu } from './simulate/dtu.ts'
export { fastClock } from './simulate/fast-clock.ts'
export { attachMeters, type LineOptions, serveSimulatedMeters } from './simulate/line.ts'
export { createConstantLoad, createDailyLoad, type LoadProfile } from './simulate/load.ts'
export { createManualClock, type ManualClock } from './simulate/manual-clock.ts'
export {
  type Behaviour,
  type Call,
  createSimulatedMeter,
  type MeterState,
  type Reply,
  type SimulatedMeter,
  type SimulatedMeterOptions,
} from './simulate/meter.ts'
export {
  corruptLength,
  delay,
  echo,
  gluedToLateReply,
  MISBEHAVIOURS,
  noiseBefore,
  onlyFirst,
  refusal,
  silence,
  split,
  vendorByte,
  wrongChecksum,
} from './simulate/misbehave.ts'
export { type MeterPlan, planMeters } from './simulate/plan.ts'
export { createPortPair } from './simulate/port-pair.ts'
export { type Replay, type ReplayColumns, readReplay } from './simulate/replay.ts'
export { systemClock } from './system-clock.ts'
export {
  type ConnectFailed,
  type ListenFailed,
  listenTcpPorts,
  openTcpPort,
  socketToPort,
  type TcpListener,
  type TcpPortOptions,
} from './tcp-port.ts'
