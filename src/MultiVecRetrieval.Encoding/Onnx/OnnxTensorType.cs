namespace MultiVecRetrieval.Encoding.Onnx;

/// <summary>Element types of ONNX tensors that encoders use; the values are those of TensorProto.DataType.</summary>
internal enum OnnxTensorType
{
    Undefined = 0,
    Float = 1,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    BFloat16 = 16,
}
