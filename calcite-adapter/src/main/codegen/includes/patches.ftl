<@change why="javac's lint is for code that people wrote"
from=r"public class ${parser.class} extends SqlAbstractParserImpl"
to=r'@SuppressWarnings({"cast", "rawtypes", "unchecked", "fallthrough", "this-escape"})
public class ${parser.class} extends SqlAbstractParserImpl' />

<@change why="a look ahead over a whole query, which JavaCC cannot do"
from=r"    private static Metadata metadata;
"
to=r"    private static Metadata metadata;

    /** Whether a query in parentheses follows, and behind it PARTITION or ORDER. */
    private boolean queryWithKeysFollows() {
        int opened = 0;
        while (getToken(opened + 1).kind == LPAREN) {
            opened++;
        }
        final int first = getToken(opened + 1).kind;
        if (opened == 0
                || first != SELECT && first != WITH && first != VALUES && first != TABLE) {
            return false;
        }
        int depth = 0;
        for (int i = 1; ; i++) {
            final int kind = getToken(i).kind;
            if (kind == EOF) {
                return false;
            }
            depth += kind == LPAREN ? 1 : kind == RPAREN ? -1 : 0;
            if (depth == 0) {
                final int next = getToken(i + 1).kind;
                return next == PARTITION || next == ORDER;
            }
        }
    }
" />

<@change why=":name is an expression, and a row count after LIMIT, wherever ? is"
from=r"SqlDynamicParam DynamicParam() :
{
}
{
    <HOOK> {
        return new SqlDynamicParam(nDynamicParams++, getPos());
    }
}"
to=r"SqlNode DynamicParam() :
{
    final Span s;
    final String name;
}
{
    <HOOK> {
        return new SqlDynamicParam(nDynamicParams++, getPos());
    }
|
    <COLON> { s = span(); } name = ParameterName() {
        return new SqlNamedParameter(name, s.end(this));
    }
}" />

<@change why=":name is a table's name"
from=r"SqlIdentifier CompoundTableIdentifier() :
{
    final List<String> nameList = new ArrayList<String>();
    final List<SqlParserPos> posList = new ArrayList<SqlParserPos>();
}
{
    AddTableIdentifierSegment(nameList, posList)"
to=r"SqlIdentifier CompoundTableIdentifier() :
{
    final List<String> nameList = new ArrayList<String>();
    final List<SqlParserPos> posList = new ArrayList<SqlParserPos>();
    final Span s;
    final String name;
}
{
    <COLON> { s = span(); } name = ParameterName() {
        return new SqlIdentifierParameter(name, s.end(this));
    }
|
    AddTableIdentifierSegment(nameList, posList)" />

<@change why="TABLE :name, as TABLE t"
from=r"<TABLE> tableRef = CompoundIdentifier()"
to=r"<TABLE> tableRef = CompoundTableIdentifier()" />

<@change why="interval is a column unless an interval literal follows"
from=r"    (
        LOOKAHEAD(2)
        e = LiteralOrIntervalExpression()
    |
        e = DynamicParam()"
to=r"    (
        LOOKAHEAD(IntervalStart())
        e = IntervalLiteralOrExpression()
    |
        LOOKAHEAD(2)
        e = NonIntervalLiteral()
    |
        e = DynamicParam()" />

<@change why="CAST(x AS INTERVAL DAY) is not a cast to a user's type named interval"
from=r"        (
            dt = DataType() { args.add(dt); }
        |
            LOOKAHEAD(2)
            <INTERVAL> e = IntervalQualifier() { args.add(e); }
<#if"
to=r"        (
            LOOKAHEAD(2)
            <INTERVAL> e = IntervalQualifier() { args.add(e); }
        |
            dt = DataType() { args.add(dt); }
<#if" />

<@change why="FROM t WINDOW w AS (...) is not a table alias named window"
from=r"    [
        [ <AS> ] alias = SimpleIdentifier()
        (
            columnAliasList"
to=r"    [
        LOOKAHEAD(2, { getToken(1).kind != WINDOW || getToken(3).kind != AS })
        [ <AS> ] alias = SimpleIdentifier()
        (
            columnAliasList" />

<@change why="OVER (ROWS ...) is not a window named rows"
from=r"    <LPAREN> { s = span(); }
    (
        id = SimpleIdentifier()
    |   { id = null; }
    )
    (
        <PARTITION> { s1 = span(); }"
to=r"    <LPAREN> { s = span(); }
    (
        LOOKAHEAD(1, { getToken(1).kind != ROWS && getToken(1).kind != RANGE || getToken(2).kind == RPAREN })
        id = SimpleIdentifier()
    |   { id = null; }
    )
    (
        <PARTITION> { s1 = span(); }" />

<@change why="user is an identifier like any other; what it names is the validator's decision"
from=r"    |   <SYSTEM_USER>
    |   <USER>
    )"
to=r"    |   <SYSTEM_USER>
    )" />

<@change why="EXPLAIN PLAN FOR CREATE TABLE ... AS"
from=r"    |
        stmt = SqlMerge()
    ) { return stmt; }"
to=r"    |
        stmt = SqlMerge()
    |
        stmt = CreateTable()
    ) { return stmt; }" />

<@change why="value is a column; the row keyword VALUE is MySQL's, and refused anyway"
from=r"        <VALUES> { s = span(); }
    |
        <VALUE>
        {
            s = span();
            if (!this.conformance.isValueAllowed()) {
                throw SqlUtil.newContextException(getPos(), RESOURCE.valueNotAllowed());
            }
        }"
to=r"        <VALUES> { s = span(); }" />

<@change why="a statement never begins with an identifier, so its first word decides which one it is"
from=r"LOOKAHEAD(2) stmt = ${method}"
to=r"LOOKAHEAD(1) stmt = ${method}" />

<@change why="range_bars((SELECT ...) ORDER BY ts, 250): the order is the table argument's, not the query's, and 250 no sort key"
from=r"    e = OrderedQueryOrExpr(exprContext)
    e = PartitionedByAndOrderBy(e)
"
to=r"    (
        LOOKAHEAD(1, { queryWithKeysFollows() })
        e = ParenthesizedExpression(ExprContext.ACCEPT_QUERY)
    |
        e = OrderedQueryOrExpr(exprContext)
    )
    e = PartitionedByAndOrderBy(e)
" />

<@change why="LIMIT :name has two tokens before the comma that tells LIMIT start, count"
from=r'        // MySQL-style syntax. "LIMIT start, count" or "LIMIT start, ALL"
        LOOKAHEAD(2)'
to=r'        // MySQL-style syntax. "LIMIT start, count" or "LIMIT start, ALL"
        LOOKAHEAD(UnsignedNumericLiteralOrParam() <COMMA>)' />

<#-- The stock productions hold E(), a JAVACODE one. JavaCC 4 scans on behind such when it looks ahead, and refuses JOIN (SELECT a ...). -->
<@change why="JOIN (SELECT a FROM t) ON ... is a look ahead past SELECT"
from=r"void SqlSelectKeywords(List<SqlLiteral> keywords) :
{}
{
    E()
}"
to=r"void SqlSelectKeywords(List<SqlLiteral> keywords) :
{}
{
    { }
}" />

<@change why="INSERT INTO t WITH (run_id = 'x') SELECT ...; WITH x AS (...) still begins a query"
from=r"    |   { columnList = null; }
    )
    source = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY) {
        return new SqlInsert("
to=r"    |   { columnList = null; }
    )
    [
        LOOKAHEAD(2)
        <WITH> insertOptions = TableOptions()
    ]
    source = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY) {
        if (insertOptions != null) {
            return new SqlInsertWith(s.end(source), keywordList, tableRef, source, columnList, insertOptions);
        }
        return new SqlInsert(" />

<@change why="the options of an INSERT"
from=r"    final SqlNodeList keywordList;
    final SqlIdentifier tableName;
    SqlNode tableRef;
    SqlNode source;"
to=r"    final SqlNodeList keywordList;
    SqlNodeList insertOptions = null;
    final SqlIdentifier tableName;
    SqlNode tableRef;
    SqlNode source;" />
