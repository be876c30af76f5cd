namespace FloorGateway.TestKit.Foreign;

/// <summary>Starts the JavaScript peers of the tests. Their packages are installed in tests/node_modules by tests/run.</summary>
public static class NodePeer
{
    /// <param name="script">Path below the repository root, e.g. <c>tests/Interop.Tests/peers/opcua-source.mjs</c>.</param>
    /// <param name="arguments">For the script.</param>
    public static ForeignProcess Start(string script, params string[] arguments)
    {
        if (!Directory.Exists(RepositoryRoot.Combine("tests", "node_modules")))
            throw new InvalidOperationException("tests/node_modules is missing: run tests/run once, or `npm ci` in tests/");
        return ForeignProcess.Start("node", ["--require", RepositoryRoot.Combine("tests", "peers-on-node18.cjs"), RepositoryRoot.Combine(script.Split('/')), .. arguments]);
    }
}
