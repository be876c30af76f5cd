// A node-opcua server with alarms: the foreign server of our client's events.
//
//   node alarms-server.mjs --port N --pki DIR
//
// Tank has a variable Level with an exclusive limit alarm LevelAlarm (10, 20, 80, 90), which can be confirmed and shelved. Requests come as json-lines.mjs says:
//   level { value }                sets the level
//   raise { message, severity }    raises a SystemEventType event of the tank
//   state                          how the alarm is shelved
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { serve } from "./json-lines.mjs";

const require = createRequire(import.meta.url);
const opcua = require("node-opcua");
const { values: options } = parseArgs({ options: { port: { type: "string" }, pki: { type: "string" } } });
const certificates = new opcua.OPCUACertificateManager({ rootFolder: options.pki, automaticallyAcceptUnknownCertificate: true });
await certificates.initialize();
const server = new opcua.OPCUAServer({
  port: Number(options.port),
  hostname: "127.0.0.1",
  alternateHostname: ["127.0.0.1", "localhost"],
  serverCertificateManager: certificates,
  securityPolicies: [opcua.SecurityPolicy.None],
  securityModes: [opcua.MessageSecurityMode.None],
  allowAnonymous: true,
});
await server.initialize();
const space = server.engine.addressSpace;
if (!space.isAlarmsAndConditionsServiceInstalled?.()) space.installAlarmsAndConditionsService();
const own = space.registerNamespace("http://tank.example/UA/");
const tank = own.addObject({ browseName: "Tank", nodeId: "s=Tank", organizedBy: space.rootFolder.objects, notifierOf: space.rootFolder.objects.server, eventNotifier: 1 });
const level = own.addVariable({ browseName: "Level", nodeId: "s=Level", componentOf: tank, dataType: "Double", eventSourceOf: tank, value: { dataType: "Double", value: 50 } });
const alarm = own.instantiateExclusiveLimitAlarm("ExclusiveLimitAlarmType", {
  browseName: "LevelAlarm",
  nodeId: "s=LevelAlarm",
  componentOf: tank,
  conditionSource: level,
  conditionName: "LevelAlarm",
  conditionClass: "ProcessConditionClassType",
  inputNode: level,
  highHighLimit: 90,
  highLimit: 80,
  lowLimit: 20,
  lowLowLimit: 10,
  optionals: ["ConfirmedState", "Confirm", "ShelvingState", "MaxTimeShelved"],
});
alarm.shelvingState.setState("Unshelved"); // it has no state at all otherwise
await server.start();
console.log("READY");
serve({
  level: ({ value }) => {
    level.setValueFromSource({ dataType: "Double", value });
  },
  raise: ({ message, severity }) => {
    tank.raiseEvent("SystemEventType", { message: { dataType: "LocalizedText", value: message }, severity: { dataType: "UInt16", value: severity } });
  },
  state: () => ({ shelving: alarm.shelvingState.getCurrentState() }),
});
