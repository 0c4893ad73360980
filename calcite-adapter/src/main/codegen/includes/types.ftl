/** Type names that other engines' users write. */
SqlTypeNameSpec ForeignTypeName() :
{
    int precision = -1;
    final Span s;
}
{
    ( <STRING> | <TEXT> ) {
        return new SqlBasicTypeNameSpec(SqlTypeName.VARCHAR, getPos());
    }
|
    <DATETIME> { s = span(); } precision = PrecisionOpt() {
        return new SqlBasicTypeNameSpec(SqlTypeName.TIMESTAMP, precision, s.end(this));
    }
}
