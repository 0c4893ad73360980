package io.tidegate.gateway;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.proto.Common;
import org.apache.calcite.avatica.proto.Responses;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.apache.calcite.avatica.remote.TypedValue;

/**
 * Avatica's protobuf encoding, with its frames at half the size.
 *
 * <p>Avatica writes every cell twice: once as {@code scalar_value} and once more in a field that is
 * deprecated since Calcite 1.5, for clients of 2015. And it makes a tree of five objects per cell
 * to do so. Here the bytes of fetched frames are written directly and once. Clients read {@code
 * scalar_value} first, so none that is younger sees a difference. First frames, which come with the
 * answer to an execution, keep Avatica's encoding.
 */
final class CompactFrames extends ProtobufTranslationImpl {
  private static final int TYPE_BYTES = 2;

  @Override
  public byte[] serializeResponse(Service.Response response) throws IOException {
    return response instanceof Service.FetchResponse fetched && fetched.frame != null
        ? encoded(fetched)
        : super.serializeResponse(response);
  }

  private static byte[] encoded(Service.FetchResponse response) throws IOException {
    Responses.FetchResponse.Builder head =
        Responses.FetchResponse.newBuilder()
            .setMissingStatement(response.missingStatement)
            .setMissingResults(response.missingResults);
    if (response.rpcMetadata != null) {
      head.setMetadata(
          Responses.RpcMetadata.newBuilder().setServerAddress(response.rpcMetadata.serverAddress));
    }
    byte[] frame = encoded(response.frame);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(frame.length + 128);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    head.build().writeTo(out);
    out.writeByteArray(Responses.FetchResponse.FRAME_FIELD_NUMBER, frame);
    out.flush();
    return Common.WireMessage.newBuilder()
        .setName(Responses.FetchResponse.class.getName())
        .setWrappedMessage(UnsafeByteOperations.unsafeWrap(bytes.toByteArray()))
        .build()
        .toByteArray();
  }

  private static byte[] encoded(Meta.Frame frame) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes, 1 << 16);
    out.writeUInt64(Common.Frame.OFFSET_FIELD_NUMBER, frame.offset);
    out.writeBool(Common.Frame.DONE_FIELD_NUMBER, frame.done);
    Object[] cells = null;
    int[] sizes = null;
    for (Object row : frame.rows) {
      Object[] values = (Object[]) row;
      if (cells == null || cells.length != values.length) {
        cells = new Object[values.length];
        sizes = new int[values.length];
      }
      writeRow(out, values, cells, sizes);
    }
    out.flush();
    return bytes.toByteArray();
  }

  /** Writes a row; {@code cells} and {@code sizes} are scratch, reused from row to row. */
  private static void writeRow(CodedOutputStream out, Object[] values, Object[] cells, int[] sizes)
      throws IOException {
    int rowSize = 0;
    for (int i = 0; i < values.length; i++) {
      cells[i] = prepared(values[i]);
      sizes[i] = size(cells[i]);
      rowSize += framed(columnSize(cells[i], sizes[i]));
    }
    open(out, Common.Frame.ROWS_FIELD_NUMBER, rowSize);
    for (int i = 0; i < values.length; i++) {
      open(out, Common.Row.VALUE_FIELD_NUMBER, columnSize(cells[i], sizes[i]));
      if (cells[i] instanceof Common.ColumnValue array) {
        array.writeTo(out);
      } else {
        open(out, Common.ColumnValue.SCALAR_VALUE_FIELD_NUMBER, sizes[i]);
        write(out, cells[i]);
      }
    }
  }

  /**
   * What is measured and written: numbers as they are, a text as its bytes, the rest as message.
   */
  private static Object prepared(Object value) {
    if (value instanceof Long || value instanceof Integer || value instanceof Double) {
      return value;
    }
    if (value instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    if (value instanceof Iterable<?> elements) {
      Common.ColumnValue.Builder array = Common.ColumnValue.newBuilder().setHasArrayValue(true);
      for (Object element : elements) {
        array.addArrayValue(message(element));
      }
      return array.build();
    }
    return message(value);
  }

  private static Common.TypedValue message(Object value) {
    Common.TypedValue.Builder builder = Common.TypedValue.newBuilder();
    TypedValue.toProto(builder, value);
    return builder.build();
  }

  private static int size(Object cell) {
    if (cell instanceof Long number) {
      return TYPE_BYTES
          + CodedOutputStream.computeSInt64Size(
              Common.TypedValue.NUMBER_VALUE_FIELD_NUMBER, number);
    }
    if (cell instanceof Integer number) {
      return TYPE_BYTES
          + CodedOutputStream.computeSInt64Size(
              Common.TypedValue.NUMBER_VALUE_FIELD_NUMBER, number);
    }
    if (cell instanceof Double number) {
      return TYPE_BYTES
          + CodedOutputStream.computeDoubleSize(
              Common.TypedValue.DOUBLE_VALUE_FIELD_NUMBER, number);
    }
    if (cell instanceof byte[] text) {
      return TYPE_BYTES
          + CodedOutputStream.computeByteArraySize(
              Common.TypedValue.STRING_VALUE_FIELD_NUMBER, text);
    }
    return cell instanceof Common.TypedValue message ? message.getSerializedSize() : 0;
  }

  private static int columnSize(Object cell, int size) {
    return cell instanceof Common.ColumnValue array ? array.getSerializedSize() : framed(size);
  }

  private static void write(CodedOutputStream out, Object cell) throws IOException {
    if (cell instanceof Long number) {
      out.writeEnum(Common.TypedValue.TYPE_FIELD_NUMBER, Common.Rep.LONG_VALUE);
      out.writeSInt64(Common.TypedValue.NUMBER_VALUE_FIELD_NUMBER, number);
    } else if (cell instanceof Integer number) {
      out.writeEnum(Common.TypedValue.TYPE_FIELD_NUMBER, Common.Rep.INTEGER_VALUE);
      out.writeSInt64(Common.TypedValue.NUMBER_VALUE_FIELD_NUMBER, number);
    } else if (cell instanceof Double number) {
      out.writeEnum(Common.TypedValue.TYPE_FIELD_NUMBER, Common.Rep.DOUBLE_VALUE);
      out.writeDouble(Common.TypedValue.DOUBLE_VALUE_FIELD_NUMBER, number);
    } else if (cell instanceof byte[] text) {
      out.writeEnum(Common.TypedValue.TYPE_FIELD_NUMBER, Common.Rep.STRING_VALUE);
      out.writeByteArray(Common.TypedValue.STRING_VALUE_FIELD_NUMBER, text);
    } else {
      ((Common.TypedValue) cell).writeTo(out);
    }
  }

  /** Size of a message with the tag and length before it; all field numbers here are below 16. */
  private static int framed(int size) {
    return 1 + CodedOutputStream.computeUInt32SizeNoTag(size) + size;
  }

  private static void open(CodedOutputStream out, int field, int size) throws IOException {
    out.writeTag(field, 2);
    out.writeUInt32NoTag(size);
  }
}
