using System.Diagnostics;

namespace Torture;

/// <summary>A file system of its own, small enough to be filled. Needs root and the right to mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Megabytes = 192;

    private readonly string image;

    private SmallDisk(string folder, string image) => (Folder, this.image) = (folder, image);

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; }

    /// <summary>Null where this machine or this user can't mount one; the reason says why.</summary>
    public static SmallDisk? TryMake(string below, out string reason)
    {
        var (folder, image) = (Path.Combine(below, "disk"), Path.Combine(below, "disk.img"));
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            reason = "only root can mount a small file system";
            return null;
        }

        Directory.CreateDirectory(folder);
        using (var file = File.Create(image))
            file.SetLength((long)Megabytes << 20);
        if (Run("mkfs.ext4", ["-q", "-F", "-m", "0", image], out reason) && Run("mount", ["-o", "loop", image, folder], out reason))
            return new SmallDisk(folder, image);
        File.Delete(image);
        Directory.Delete(folder);
        return null;
    }

    /// <summary>Leaves not a byte free.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Path.Combine(Folder, "filler"), FileMode.Append, FileAccess.Write, FileShare.Read, 1);
        var size = 1 << 20;
        var piece = new byte[size];
        while (size > 0)
        {
            try
            {
                filler.Write(piece, 0, size);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    /// <summary>Copies all that is on it to a folder that stays.</summary>
    public void CopyTo(string folder) => Run("cp", ["-a", Folder + "/.", Directory.CreateDirectory(folder).FullName], out _);

    public void Free() => File.Delete(Path.Combine(Folder, "filler"));

    public void Dispose()
    {
        Run("umount", ["-l", Folder], out _);
        File.Delete(image);
    }

    private static bool Run(string program, string[] arguments, out string reason)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var said = process.StandardError.ReadToEnd().Trim();
            process.WaitForExit();
            reason = $"{program} says: {said}";
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            reason = $"{program}: {e.Message}";
            return false;
        }
    }
}
