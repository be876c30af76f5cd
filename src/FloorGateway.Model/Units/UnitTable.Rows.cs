namespace FloorGateway.Model.Units;

public static partial class UnitTable
{
    /// <summary>Quantity, then code|symbol|factor to the quantity's base unit[|offset]. The base unit is the one with factor 1.</summary>
    private const string Rows = """
        temperature:
        KEL|K|1; CEL|°C|1|273.15; FAH|°F|0.55555555555555558|255.3722222222222222222222
        temperature rate:
        F12|K/s|1; F11|K/min|0.016666666666666666; F10|K/h|0.00027777777777777778; H12|°C/h|0.00027777777777777778; J23|°F/h|0.00015432098765432098
        length:
        MTR|m|1; DMT|dm|0.1; CMT|cm|0.01; MMT|mm|0.001; 4H|µm|1e-6; C45|nm|1e-9; KMT|km|1000; LM|m|1; INH|in|0.0254; FOT|ft|0.3048; YRD|yd|0.9144; SMI|mile|1609.344
        area:
        MTK|m²|1; CMK|cm²|1e-4; MMK|mm²|1e-6; FTK|ft²|0.09290304; INK|in²|6.4516e-4
        volume:
        MTQ|m³|1; LTR|l|0.001; DMQ|dm³|0.001; HLT|hl|0.1; CLT|cl|1e-5; MLT|ml|1e-6; CMQ|cm³|1e-6; MMQ|mm³|1e-9; 4G|µl|1e-9; FTQ|ft³|0.028316846592; INQ|in³|1.6387064e-5; GLL|gal (US)|0.003785411784
        standard volume:
        SM3|Sm³|1
        mass:
        KGM|kg|1; GRM|g|0.001; MGM|mg|1e-6; MC|µg|1e-9; TNE|t|1000; KTN|kt|1e6; LBR|lb|0.45359237; ONZ|oz|0.028349523125
        linear density:
        KL|kg/m|1; P2|lb/ft|1.4881639435695537
        area density:
        28|kg/m²|1; GM|g/m²|0.001; H63|mg/cm²|0.01
        density:
        KMQ|kg/m³|1; 23|g/cm³|1000; D41|t/m³|1000; GL|g/l|1; M1|mg/l|0.001; A93|g/m³|0.001; GP|mg/m³|1e-6; GQ|µg/m³|1e-9
        time:
        SEC|s|1; C26|ms|0.001; B98|µs|1e-6; C47|ns|1e-9; H70|ps|1e-12; B52|ks|1000; MIN|min|60; HUR|h|3600; DAY|d|86400; WEE|wk|604800; ANN|y|31557600
        frequency:
        HTZ|Hz|1; KHZ|kHz|1000; MHZ|MHz|1e6; A86|GHz|1e9; C97|s⁻¹|1; C94|min⁻¹|0.016666666666666666
        rotational speed:
        RPS|r/s|1; RPM|r/min|0.016666666666666666; M46|r/min|0.016666666666666666
        speed:
        MTS|m/s|1; 2M|cm/s|0.01; C16|mm/s|0.001; M60|m/h|0.00027777777777777778; 2X|m/min|0.016666666666666666; H81|mm/min|1.6666666666666667e-5; H67|mm/h|2.7777777777777778e-7; KMH|km/h|0.27777777777777779; M62|km/s|1000; FS|ft/s|0.3048; FR|ft/min|0.00508; IU|in/s|0.0254; HM|mile/h|0.44704; KNT|kn|0.51444444444444448
        acceleration:
        MSK|m/s²|1; M41|mm/s²|0.001; K40|gₙ|9.80665
        angle:
        C81|rad|1; C25|mrad|0.001; B97|µrad|1e-6; DD|°|0.017453292519943295; D61|'|0.00029088820866572158; A91|gon|0.015707963267948967; M44|rev|6.2831853071795862
        angular speed:
        2A|rad/s|1; E96|°/s|0.017453292519943295
        angular acceleration:
        2B|rad/s²|1
        force:
        NEW|N|1; C20|mN|0.001; B47|kN|1000; B73|MN|1e6; B37|kgf|9.80665; C78|lbf|4.4482216152605; L40|ozf|0.27801385095378125
        line force:
        4P|N/m|1; M23|N/cm|100; F47|N/mm|1000; N31|kN/m|1000
        torque:
        NU|N·m|1; D83|mN·m|0.001; J72|cN·m|0.01; F88|N·cm|0.01; B48|kN·m|1000; B74|MN·m|1e6; M92|lbf·ft|1.3558179483314004; F21|lbf·in|0.1129848290276167
        pressure:
        PAL|Pa|1; 74|mPa|0.001; B96|µPa|1e-6; A97|hPa|100; KPA|kPa|1000; MPA|MPa|1e6; A89|GPa|1e9; MBR|mbar|100; BAR|bar|1e5; PS|lbf/in²|6894.757293168361; ATM|atm|101325; ATT|at|98066.5; UA|Torr|133.32236842105263; HN|mmHg|133.322387415; HP|mmH₂O|9.80665; F79|inHg|3386.388640341; C55|N/m²|1; C56|N/mm²|1e6; E42|kgf/cm²|98066.5
        leak rate:
        G01|Pa·m³/s|1; F95|mbar·l/s|0.1
        energy:
        JOU|J|1; KJO|kJ|1000; 3B|MJ|1e6; GV|GJ|1e9; D30|TJ|1e12; WHR|W·h|3600; KWH|kW·h|3.6e6; MWH|MW·h|3.6e9; GWH|GW·h|3.6e12; D32|TW·h|3.6e15; J75|cal|4.1868; K51|kcal|4186.8; BTU|BtuIT|1055.05585262
        power:
        WTT|W|1; C31|mW|0.001; D80|µW|1e-6; KWT|kW|1000; MAW|MW|1e6; A90|GW|1e9; HJ|PS|735.49875; BHP|BHP|745.69987158227022
        reactive power:
        D44|var|1; KVR|kvar|1000; K5|kvar|1000
        apparent power:
        D46|V·A|1; KVA|kV·A|1000; MVA|MV·A|1e6
        reactive energy:
        K3|kvar·h|3.6e6
        heat flux:
        D54|W/m²|1
        thermal conductivity:
        D53|W/(m·K)|1
        heat transfer:
        D55|W/(m²·K)|1
        specific energy:
        J2|J/kg|1; B42|kJ/kg|1000
        areal energy:
        B13|J/m²|1; E43|J/cm²|10000
        heat capacity:
        JE|J/K|1
        specific heat:
        B11|J/(kg·K)|1
        current:
        AMP|A|1; 4K|mA|0.001; B84|µA|1e-6; C39|nA|1e-9; B22|kA|1000
        current density:
        A41|A/m²|1; A4|A/cm²|10000
        voltage:
        VLT|V|1; 2Z|mV|0.001; D82|µV|1e-6; KVT|kV|1000; B78|MV|1e6
        voltage rate:
        H62|mV/min|1.6666666666666667e-5; |mV/h|2.7777777777777778e-7
        field strength:
        D50|V/m|1; D51|V/mm|1000
        resistance:
        OHM|Ω|1; E45|mΩ|0.001; B94|µΩ|1e-6; B49|kΩ|1000; B75|MΩ|1e6; A87|GΩ|1e9
        conductance:
        SIE|S|1; C27|mS|0.001; B99|µS|1e-6
        conductivity:
        D10|S/m|1; H61|mS/cm|0.1; G42|µS/cm|1e-4; H43|S/cm|100
        capacitance:
        FAR|F|1; C10|mF|0.001; 4O|µF|1e-6; C41|nF|1e-9; 4T|pF|1e-12
        inductance:
        81|H|1; C14|mH|0.001; B90|µH|1e-6
        charge:
        COU|C|1; AMH|A·h|3600; E09|mA·h|3.6; TAH|kA·h|3.6e6
        magnetic flux density:
        D33|T|1; C29|mT|0.001; D81|µT|1e-6
        volume flow:
        MQS|m³/s|1; MQH|m³/h|0.00027777777777777778; G53|m³/min|0.016666666666666666; G52|m³/d|1.1574074074074073e-5; G51|l/s|0.001; L2|l/min|1.6666666666666667e-5; E32|l/h|2.7777777777777778e-7; LD|l/d|1.1574074074074074e-8; 40|ml/s|1e-6; 41|ml/min|1.6666666666666667e-8; G55|ml/h|2.7777777777777778e-10; 2J|cm³/s|1e-6; G49|cm³/min|1.6666666666666667e-8; 2L|ft³/min|0.0004719474432
        mass flow:
        KGS|kg/s|1; F31|kg/min|0.016666666666666666; E93|kg/h|0.00027777777777777778; F29|g/s|0.001; F28|g/min|1.6666666666666667e-5; F27|g/h|2.7777777777777778e-7; E18|t/h|0.27777777777777779
        dynamic viscosity:
        C65|Pa·s|1; C24|mPa·s|0.001; C7|cP|0.001; 89|P|0.1
        kinematic viscosity:
        S4|m²/s|1; C17|mm²/s|1e-6; 4C|cSt|1e-6; 91|St|1e-4
        illuminance:
        LUX|lx|1
        luminous flux:
        LUM|lm|1
        luminous intensity:
        CDL|cd|1
        luminance:
        A24|cd/m²|1
        amount of substance:
        C34|mol|1; C18|mmol|0.001; B45|kmol|1000
        concentration:
        C36|mol/m³|1; C38|mol/l|1000
        number density:
        C86|m⁻³|1
        acidity:
        Q30|pH|1
        turbidity:
        NTU|NTU|1
        level difference:
        2N|dB|1
        ratio:
        C62|1|1; P1|%|0.01; NX|‰|0.001; 59|ppm|1e-6; 61|ppb|1e-9
        mass ratio:
        60|%wt|0.01
        count:
        H87|piece|1; EA|each|1; C63|pc|1; DZN|dozen|12
        data:
        AD|byte|1; A99|bit|0.125; 2P|kbyte|1000; 4L|Mbyte|1e6; E34|Gbyte|1e9
        data rate:
        B10|bit/s|1; C74|kbit/s|1000; E20|Mbit/s|1e6
        absorbed dose:
        A95|Gy|1
        dose equivalent:
        D13|Sv|1; C28|mSv|0.001
        """;

    /// <summary>Other ways in which equipment and people write a unit.</summary>
    private const string Aliases = """
        CEL=degC ℃ C 摄氏度 deg.C
        FAH=degF ℉ 华氏度
        KEL=开尔文
        GRM=gr 克
        KGM=公斤 千克
        TNE=吨
        MTR=米
        MMT=毫米
        4H=um μm 微米
        SEC=sec 秒
        MIN=分钟
        HUR=hr 小时
        MTS=m/sec 米/秒
        2X=米/分
        RPM=rpm 1/min U/min 转/分
        BAR=巴
        PAL=帕
        KPA=千帕
        MPA=兆帕
        PS=psi PSI
        HN=mm_Hg
        LTR=L 升
        MLT=mL 毫升
        L2=L/min l/m 升/分
        41=mL/min
        MQH=m3/h Nm3/h 立方米/小时
        MTQ=m3 立方米
        MTK=m2
        GM=g/m2
        KMQ=kg/m3
        23=g/cm3 g/cc
        VLT=伏
        2Z=毫伏
        AMP=安
        4K=毫安
        KWT=千瓦
        WTT=瓦
        KWH=kWh 千瓦时
        WHR=Wh
        MWH=MWh
        AMH=Ah 安时
        E09=mAh
        NU=Nm N.m 牛米
        NEW=牛
        B47=千牛
        OHM=Ohm ohm 欧姆
        E45=mOhm mohm
        B75=MOhm
        G42=uS/cm μS/cm
        DD=deg 度
        P1=pct percent 百分比
        KMH=kph 公里/小时
        MSK=m/s2
        D44=VAr
        KVA=kVA
        C24=mPas
        HTZ=赫兹
        """;
}
