package io.tidegate.adapter.ticks;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The text in a tick file: as it is, or out of a {@code .gz}, or the one file in a {@code .zip}.
 */
final class TickFileStream {
  private TickFileStream() {}

  /** Opens the text of a file whose checksum, if it has one, holds. */
  static InputStream open(Path file) throws IOException {
    Checksum.verify(file);
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".zip")) {
      return unzipped(file);
    }
    InputStream raw = Files.newInputStream(file);
    if (!name.endsWith(".gz")) {
      return raw;
    }
    try {
      return new GZIPInputStream(raw, 1 << 16);
    } catch (IOException | RuntimeException | Error e) {
      raw.close();
      throw e;
    }
  }

  private static InputStream unzipped(Path file) throws IOException {
    ZipFile zip = new ZipFile(file.toFile());
    try {
      List<? extends ZipEntry> files = zip.stream().filter(e -> !e.isDirectory()).toList();
      if (files.size() != 1) {
        throw TickFileException.damaged(
            file, "a zip of ticks holds one file, but this one has " + files.size(), null);
      }
      ZipEntry entry = files.get(0);
      return new Entry(new CheckedInputStream(zip.getInputStream(entry), new CRC32()), entry, zip);
    } catch (IOException | RuntimeException | Error e) {
      zip.close();
      throw e;
    }
  }

  /**
   * The file in a zip. Java's own stream does not look at the length and CRC-32 in the directory.
   */
  private static final class Entry extends FilterInputStream {
    private final CheckedInputStream checked;
    private final ZipEntry entry;
    private final ZipFile zip;
    private long length;

    Entry(CheckedInputStream checked, ZipEntry entry, ZipFile zip) {
      super(checked);
      this.checked = checked;
      this.entry = entry;
      this.zip = zip;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
      int read = super.read(buffer, offset, count);
      if (read >= 0) {
        length += read;
      } else if (length != entry.getSize() || checked.getChecksum().getValue() != entry.getCrc()) {
        throw new IOException("the file in the zip is damaged: its length or CRC-32 is wrong");
      }
      return read;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    @Override
    public void close() throws IOException {
      try (zip) {
        super.close();
      }
    }
  }
}
