// The plant page's words in both languages. What is not here is shown as the configuration has it.

export const states = [
  ['Clearing', '清除中'], ['Stopped', '已停止'], ['Starting', '启动中'], ['Idle', '空闲'], ['Suspended', '挂起'], ['Execute', '运行'], ['Stopping', '停止中'], ['Aborting', '中止中'], ['Aborted', '已中止'],
  ['Holding', '保持中'], ['Held', '保持'], ['Unholding', '解除保持中'], ['Suspending', '挂起中'], ['Unsuspending', '解除挂起中'], ['Resetting', '复位中'], ['Completing', '完成中'], ['Complete', '完成'],
];

const words = {
  plant: ['Plant', '工厂'],
  tags: ['Tags and gateway', '变量与网关'],
  otherLanguage: ['中文', 'English'],
  strip: ['Self-propelled line', '自行走装配线'],
  alarms: ['Alarms', '报警'],
  noAlarms: ['No alarm is active.', '当前无报警。'],
  moves: ['Parts on their way', '工件流动'],
  noMoves: ['No part has moved since this page was opened.', '打开本页以来没有工件移动。'],
  faults: ['Faults', '故障注入'],
  simulated: ['simulated plant only', '仅限仿真工厂'],
  unit: ['Unit', '单元'], signal: ['Signal', '信号'], fault: ['Fault', '故障'], amount: ['Amount', '幅度'], seconds: ['Process seconds', '工艺秒'], inject: ['Inject', '注入'], end: ['End', '结束'],
  vehicles: ['Vehicles', '整车'], batteries: ['Batteries', '电池'], others: ['Other areas', '其他区域'],
  part: ['part', '工件'], good: ['good', '合格'], reject: ['reject', '不合格'], cycle: ['cycle', '节拍'], takt: ['takt', '目标'], usual: ['usual', '常值'], interval: ['time between two parts', '件间隔'], andon: ['line stop', '停线'],
  blocked: ['blocked', '堵料'], starved: ['starved', '缺料'], slow: ['slow', '偏慢'], noLink: ['no connection', '无连接'], bad: ['bad value', '数据异常'], noState: ['no state', '无状态'], noValue: ['no value yet', '尚无数据'],
  unhealthy: ['unhealthy', '异常'], degraded: ['degraded', '降级'], healthy: ['healthy', '正常'],
  running: ['run', '台运行'],
  old: ['No word from the gateway: everything below is old.', '网关无响应：以下数据均已过时。'],
  onLine: ['vehicles on the line', '台车在线'], line: ['line', '线速'], gateway: ['gateway', '网关'], fill: ['stock', '库存'],
  aside: ['parked beside it', '台停放'],
  close: ['Close', '关闭'],
};

const drive = [['Parked', '停放'], ['Follow', '跟随'], ['Creep', '蠕行'], ['Protective stop', '保护停车'], ['Handback', '交还']];

const areas = {
  CAS: ['Casting', '压铸'], BDY: ['Body', '车身'], PNT: ['Paint', '涂装'], ASM: ['Assembly', '总装'], EOL: ['End of line', '下线'], ELE: ['Electrode', '电极'], SSC: ['Solid-state cells', '固态电芯'],
  LQC: ['Liquid cells', '液态电芯'], FRM: ['Formation and grading', '化成分容'], MPK: ['Module and pack', '模组与电池包'], UTL: ['Utilities', '动力'], RND: ['Pilot line', '中试线'],
};

// By what the machine's code begins with: equipment types may be called anything.
const kinds = {
  DC: ['Die-cast cell', '压铸单元'], RB: ['Joining robot', '连接机器人'], PNT: ['Paint line', '涂装线'], SPL: ['Vehicle line', '自行走线'], SPV: ['Vehicle', '自行走车'], TT: ['Tightening', '拧紧'], MAR: ['Marriage', '合车'],
  FF: ['Fluid fill', '加注'], GL: ['Glazing', '玻璃涂胶'], ADAS: ['ADAS calibration', 'ADAS标定'], RT: ['Roll test', '转毂试验'], FC: ['Fast charge', '快充试验'], MIX: ['Slurry mixer', '搅拌机'], COAT: ['Coater', '涂布机'],
  CAL: ['Calender', '辊压分切'], STK: ['Stacker', '叠片机'], WIP: ['Isostatic press', '等静压机'], DRY: ['Dry room', '干燥间'], WLD: ['Tab welder', '极耳焊接'], ELF: ['Electrolyte fill', '注液'], FR: ['Formation rack', '化成柜'],
  AGE: ['Ageing room', '老化库'], GRD: ['Grading', '分容'], M: ['Module line', '模组线'], P: ['Pack line', '电池包线'], LK: ['Leak test', '气密试验'], PE: ['Pack end of line', '电池包下线'],
  PCOAT: ['Pilot coater', '中试涂布'], PSTK: ['Pilot stacker', '中试叠片'], PFR: ['Pilot formation', '中试化成'],
};

let chosen = 0;
try { chosen = localStorage.getItem('language') === 'zh' ? 1 : 0; } catch { /* storage is off: English */ }

export const language = () => (chosen ? 'zh' : 'en');

export function choose(other) {
  chosen = other === 'zh' ? 1 : 0;
  try { localStorage.setItem('language', other); } catch { /* storage is off: until the page is closed */ }
}

export const word = key => words[key]?.[chosen] ?? key;
export const area = code => areas[code]?.[chosen] ?? code;
export const kind = code => kinds[code.replace(/\d+$/, '')]?.[chosen];
export const driving = n => drive[n]?.[chosen] ?? String(n);
export const state = n => states[n - 1]?.[chosen];
