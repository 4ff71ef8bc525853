using MultiVecRetrieval.Encoding.Http;

namespace MultiVecRetrieval.Libraries.Answers;

/// <summary>Reads the data of server-sent events, of any length up to a bound on all of them.</summary>
/// <param name="stream">The events.</param>
/// <param name="stall">How long nothing may come.</param>
/// <param name="maxBytes">The bound.</param>
internal sealed class EventReader(Stream stream, TimeSpan stall, long maxBytes)
{
    private readonly byte[] _buffer = new byte[16 << 10];
    private readonly List<byte> _line = [];
    private readonly List<byte> _data = [];
    private int _at;
    private int _length;
    private long _total;

    /// <summary>Data of the next event that has any; null at the end.</summary>
    /// <exception cref="InvalidDataException">More came than the bound.</exception>
    /// <exception cref="TransientHttpException">The connection was cut, or nothing came for too long.</exception>
    public async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            bool isWhole = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
            if (_line.Count > 0)
            {
                AddData();
            }
            else if (_data.Count > 0)
            {
                byte[] data = [.. _data];
                _data.Clear();
                return data;
            }
            else if (!isWhole)
            {
                return null;
            }
        }
    }

    private void AddData()
    {
        ReadOnlySpan<byte> line = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_line);
        if (!line.StartsWith("data:"u8))
        {
            return;
        }

        if (_data.Count > 0)
        {
            _data.Add((byte)'\n');
        }

        ReadOnlySpan<byte> value = line["data:".Length..];
        _data.AddRange(value is [(byte)' ', ..] ? value[1..] : value);
    }

    // Lines end with LF or CR LF. False at the end of the stream.
    private async Task<bool> ReadLineAsync(CancellationToken cancellationToken)
    {
        _line.Clear();
        while (true)
        {
            if (_at == _length)
            {
                (_at, _length) = (0, await HttpBodies.ReadPieceAsync(stream, _buffer, stall, cancellationToken).ConfigureAwait(false));
                _total += _length;
                if (_total > maxBytes)
                {
                    throw new InvalidDataException(FormattableString.Invariant($"the answer has more than {maxBytes} bytes"));
                }

                if (_length == 0)
                {
                    return false;
                }
            }

            int end = Array.IndexOf(_buffer, (byte)'\n', _at, _length - _at);
            int stop = end < 0 ? _length : end;
            _line.AddRange(_buffer.AsSpan(_at, stop - _at));
            _at = end < 0 ? _length : end + 1;
            if (end >= 0)
            {
                if (_line is [.., (byte)'\r'])
                {
                    _line.RemoveAt(_line.Count - 1);
                }

                return true;
            }
        }
    }
}
