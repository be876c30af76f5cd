using FloorGateway.OpcUa.AddressSpace;
using FloorGateway.OpcUa.Types;
using Space = FloorGateway.OpcUa.AddressSpace.AddressSpace;

namespace FloorGateway.OpcUa.Server;

/// <summary>Fills the Server object of namespace 0 with what this server is, and keeps it live (OPC 10000-5, 6.3.1).</summary>
internal static class ServerObject
{
    public static void Attach(Space space, UaServerOptions options, ServiceDispatcher dispatcher, DateTime startTime)
    {
        Set(space, VariableIds.Server_ServerArray, Variant.From([options.ApplicationUri]));
        Live(space, VariableIds.Server_NamespaceArray, () => Variant.From([.. space.NamespaceUris]));
        Set(space, VariableIds.Server_ServiceLevel, Variant.From((byte)255));
        Set(space, VariableIds.Server_Auditing, Variant.From(false));
        AttachRoles(space);
        AttachStatus(space, options, startTime);
        AttachCapabilities(space, options.Limits);
        Set(space, VariableIds.Server_ServerCapabilities_ServerProfileArray, Variant.From(Profiles(options)));
        dispatcher.Diagnostics.Attach(options.DiagnosticsEnabled);
        Set(space, VariableIds.Server_ServerRedundancy_RedundancySupport, Variant.From((int)RedundancySupport.None));
        AttachMethods(space, dispatcher);
    }

    // Who has a role is the user table's business; what is fixed by the standard is shown (OPC 10000-18, 4.2).
    private static void AttachRoles(Space space)
    {
        foreach (var role in WellKnownRoles.ToIds((UserRoles)~0))
        {
            IdentityCriteriaType? criteria = WellKnownRoles.FromId(role) switch
            {
                UserRoles.Anonymous => IdentityCriteriaType.Anonymous,
                UserRoles.AuthenticatedUser => IdentityCriteriaType.AuthenticatedUser,
                _ => null,
            };
            IdentityMappingRuleType[] rules = criteria is { } fixedRule ? [new IdentityMappingRuleType { CriteriaType = fixedRule }] : [];
            if (space.Find(role)?.FindChild(new QualifiedName(0, "Identities")) is VariableNode identities)
                identities.SetValue(Variant.FromStructures(rules));
        }
    }

    private static void AttachStatus(Space space, UaServerOptions options, DateTime startTime)
    {
        var build = new BuildInfo
        {
            ProductUri = options.ProductUri,
            ManufacturerName = options.ManufacturerName,
            ProductName = options.ApplicationName,
            SoftwareVersion = options.SoftwareVersion,
            BuildNumber = options.BuildNumber,
            BuildDate = options.BuildDate,
        };
        Live(space, VariableIds.Server_ServerStatus, () => Variant.From(new ServerStatusDataType
        {
            StartTime = startTime,
            CurrentTime = space.Clock.GetUtcNow().UtcDateTime,
            State = (ServerState)Stored(space, VariableIds.Server_ServerStatus_State).AsInt32(),
            BuildInfo = build,
            SecondsTillShutdown = Stored(space, VariableIds.Server_ServerStatus_SecondsTillShutdown).AsUInt32(),
            ShutdownReason = Stored(space, VariableIds.Server_ServerStatus_ShutdownReason).Boxed is LocalizedText reason ? reason : default,
        }));
        Set(space, VariableIds.Server_ServerStatus_StartTime, Variant.From(startTime));
        Live(space, VariableIds.Server_ServerStatus_CurrentTime, () => Variant.FromDateTimeTicks(space.Clock.GetUtcNow().UtcTicks));
        Set(space, VariableIds.Server_ServerStatus_State, Variant.From((int)ServerState.Running));
        Set(space, VariableIds.Server_ServerStatus_SecondsTillShutdown, Variant.From(0u));
        Set(space, VariableIds.Server_ServerStatus_ShutdownReason, Variant.From(new LocalizedText("en", "")));
        Set(space, VariableIds.Server_ServerStatus_BuildInfo, Variant.From(build));
        Set(space, VariableIds.Server_ServerStatus_BuildInfo_ProductUri, Variant.From(build.ProductUri));
        Set(space, VariableIds.Server_ServerStatus_BuildInfo_ManufacturerName, Variant.From(build.ManufacturerName));
        Set(space, VariableIds.Server_ServerStatus_BuildInfo_ProductName, Variant.From(build.ProductName));
        Set(space, VariableIds.Server_ServerStatus_BuildInfo_SoftwareVersion, Variant.From(build.SoftwareVersion));
        Set(space, VariableIds.Server_ServerStatus_BuildInfo_BuildNumber, Variant.From(build.BuildNumber));
        Set(space, VariableIds.Server_ServerStatus_BuildInfo_BuildDate, Variant.From(build.BuildDate));
    }

    // OPC 10000-7: the Standard profile asks for registration with a discovery server, which this one does not do; Embedded for security and
    // certificates of users, Micro for user names. Without users only the facets hold.
    private static string[] Profiles(UaServerOptions options)
    {
        const string Prefix = "http://opcfoundation.org/UA-Profile/Server/";
        var profiles = new List<string>();
        if (options.Users is not null)
            profiles.Add(Prefix + (options.UserCertificates is not null && options.Security.Any(s => !s.Policy.IsNone) ? "EmbeddedUA2017" : "MicroEmbeddedDevice2017"));
        profiles.AddRange([Prefix + "StandardDataChangeSubscription2017", Prefix + "Methods", Prefix + "ClientRedundancy"]);
        return [.. profiles];
    }

    private static void AttachCapabilities(Space space, ServerLimits limits)
    {
        Set(space, VariableIds.Server_ServerCapabilities_LocaleIdArray, Variant.From(["en"]));
        Set(space, VariableIds.Server_ServerCapabilities_MinSupportedSampleRate, Variant.From(limits.MinSamplingInterval));
        Set(space, VariableIds.Server_ServerCapabilities_MaxBrowseContinuationPoints, Variant.From((ushort)limits.MaxBrowseContinuationPoints));
        Set(space, VariableIds.Server_ServerCapabilities_MaxQueryContinuationPoints, Variant.From((ushort)0));
        Set(space, VariableIds.Server_ServerCapabilities_MaxHistoryContinuationPoints, Variant.From((ushort)limits.MaxHistoryContinuationPoints));
        Set(space, VariableIds.Server_ServerCapabilities_SoftwareCertificates, Variant.From(Array.Empty<ExtensionObject>()));
        var encoding = Encoding.EncodingLimits.Default;
        (uint Id, long Value)[] numbers =
        [
            (VariableIds.Server_ServerCapabilities_MaxArrayLength, encoding.MaxArrayLength),
            (VariableIds.Server_ServerCapabilities_MaxStringLength, encoding.MaxStringLength),
            (VariableIds.Server_ServerCapabilities_MaxByteStringLength, encoding.MaxByteStringLength),
            (VariableIds.Server_ServerCapabilities_MaxSessions, limits.MaxSessions),
            (VariableIds.Server_ServerCapabilities_MaxSubscriptions, limits.MaxSubscriptions),
            (VariableIds.Server_ServerCapabilities_MaxMonitoredItems, limits.MaxMonitoredItems),
            (VariableIds.Server_ServerCapabilities_MaxSubscriptionsPerSession, limits.MaxSubscriptionsPerSession),
            (VariableIds.Server_ServerCapabilities_MaxMonitoredItemsPerSubscription, limits.MaxMonitoredItemsPerSubscription),
            (VariableIds.Server_ServerCapabilities_MaxMonitoredItemsQueueSize, limits.MaxQueueSize),
            (VariableIds.Server_ServerCapabilities_MaxSelectClauseParameters, limits.MaxSelectClauses),
            (VariableIds.Server_ServerCapabilities_MaxWhereClauseParameters, limits.MaxWhereOperands),
            (VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerRead, limits.MaxNodesPerRead),
            (VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerWrite, limits.MaxNodesPerWrite),
            (VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerMethodCall, limits.MaxNodesPerMethodCall),
            (VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerBrowse, limits.MaxNodesPerBrowse),
            (VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerRegisterNodes, limits.MaxNodesPerRegisterNodes),
            (VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerTranslateBrowsePathsToNodeIds, limits.MaxNodesPerTranslateBrowsePaths),
            (VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerNodeManagement, 0),
            (VariableIds.Server_ServerCapabilities_OperationLimits_MaxMonitoredItemsPerCall, limits.MaxMonitoredItemsPerCall),
            (VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerHistoryReadData, limits.MaxNodesPerHistoryRead),
            (VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerHistoryReadEvents, 0),
            (VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerHistoryUpdateData, 0),
            (VariableIds.Server_ServerCapabilities_OperationLimits_MaxNodesPerHistoryUpdateEvents, 0),
        ];
        foreach (var (id, value) in numbers)
            Set(space, id, Variant.From((uint)value));
    }

    private static void AttachMethods(Space space, ServiceDispatcher dispatcher)
    {
        space.Get<MethodNode>(MethodIds.Server_GetMonitoredItems).Handler = (context, inputs) =>
        {
            var status = dispatcher.Subscriptions.GetMonitoredItems(context.SessionId, inputs[0].AsUInt32(), out var serverHandles, out var clientHandles);
            return (status, [Variant.From(serverHandles), Variant.From(clientHandles)]);
        };
        space.Get<MethodNode>(MethodIds.Server_ResendData).Handler = (context, inputs) =>
            (dispatcher.Subscriptions.ResendData(context.SessionId, inputs[0].AsUInt32()), []);

        // They answer to the subscription's own session alone, whoever that is.
        space.Get<MethodNode>(MethodIds.Server_GetMonitoredItems).AnonymousMayCall = true;
        space.Get<MethodNode>(MethodIds.Server_ResendData).AnonymousMayCall = true;
        AttachRefresh(space, dispatcher.Subscriptions);
    }

    // OPC 10000-9, 5.5.7 and 5.5.8: called on the type, for a subscription of the caller's; anybody who may subscribe may ask.
    private static void AttachRefresh(Space space, Subscriptions.SubscriptionManager subscriptions)
    {
        var all = space.Get<MethodNode>(MethodIds.ConditionType_ConditionRefresh);
        all.Handler = (context, inputs) => (subscriptions.ConditionRefresh(context.SessionId, inputs[0].AsUInt32(), null), []);
        all.AnonymousMayCall = true;
        var one = space.Get<MethodNode>(MethodIds.ConditionType_ConditionRefresh2);
        one.Handler = (context, inputs) => (subscriptions.ConditionRefresh(context.SessionId, inputs[0].AsUInt32(), inputs[1].AsUInt32()), []);
        one.AnonymousMayCall = true;
    }

    private static Variant Stored(Space space, uint id) => space.Get<VariableNode>(id).GetValue().Value;

    private static void Set(Space space, uint id, Variant value) => space.Get<VariableNode>(id).SetValue(value);

    private static void Live(Space space, uint id, Func<Variant> read) => space.Get<VariableNode>(id).OnRead = () =>
    {
        var now = space.Clock.GetUtcNow().UtcTicks;
        return new DataValue(read(), StatusCodes.Good, now, now);
    };
}
