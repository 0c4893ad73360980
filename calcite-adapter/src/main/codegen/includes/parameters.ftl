<#-- The pieces that patches.ftl refers to. -->
/**
 * The word after the colon of a script parameter: reserved ones will do too, because :from and :to are the names that people
 * choose.
 *
 * <p>No JAVACODE production, though it would be one line: JavaCC 4 scans on behind it when it looks ahead, and fails.
 */
String ParameterName() :
{
}
{
    (
        <IDENTIFIER>
    |   NonReservedKeyWord()
    |   <ALL> | <AND> | <ANY> | <ARRAY> | <AS> | <BETWEEN> | <BIGINT> | <BOOLEAN> | <BOTH> | <BY> | <CASE>
    |   <CAST> | <CHAR> | <CREATE> | <CROSS> | <CUBE> | <DECIMAL> | <DEFAULT_> | <DELETE> | <DISTINCT>
    |   <DOUBLE> | <DROP> | <ELSE> | <EMPTY> | <EXCEPT> | <EXISTS> | <FALSE> | <FETCH> | <FILTER> | <FLOAT>
    |   <FOR> | <FROM> | <FULL> | <GROUP> | <GROUPING> | <HAVING> | <IN> | <INNER> | <INSERT> | <INT>
    |   <INTEGER> | <INTERSECT> | <INTO> | <IS> | <JOIN> | <LEADING> | <LEFT> | <LIKE> | <LIMIT> | <LOCAL>
    |   <MATCH> | <MEASURE> | <MERGE> | <NO> | <NOT> | <NULL> | <NUMERIC> | <OF> | <OFFSET> | <ON> | <ONLY>
    |   <OR> | <ORDER> | <OUTER> | <OVER> | <PARTITION> | <REAL> | <RIGHT> | <ROLLUP> | <ROW> | <SELECT>
    |   <SET> | <SIMILAR> | <SKIP_> | <SMALLINT> | <SOME> | <STREAM> | <TABLE> | <THEN> | <TO> | <TRAILING>
    |   <TRUE> | <UNION> | <UNIQUE> | <UNKNOWN> | <UPDATE> | <USING> | <VALUES> | <VARCHAR> | <WHEN>
    |   <WHERE> | <WITH> | <WITHIN> | <WITHOUT>
    ) {
        return token.image;
    }
}

/** What must follow the word INTERVAL for it to start a literal or an interval expression; only ever looked ahead for. */
void IntervalStart() :
{
}
{
    <INTERVAL> [ <MINUS> | <PLUS> ]
    (
        SimpleStringLiteral()
    |
        (
            <LPAREN> Expression(ExprContext.ACCEPT_SUB_QUERY) <RPAREN>
        |
            UnsignedNumericLiteral()
        |
            CompoundIdentifier()
        )
        IntervalQualifierStart()
    )
}
