package order

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"orderops/workflow"
)

const (
	// emptyDays are how many days without an order are looked through before the
	// rest is read from the table itself, which also has what the index leaves out.
	emptyDays = 7
	// dayToken and scanToken begin the marks of pages: of a day, of the table.
	dayToken  = "day:"
	scanToken = "scan:"
)

// dayMark is how far the days have been read, newest first. Of each shard it
// keeps the key of the row that was taken last.
type dayMark struct {
	Day   string                      `json:"day"`
	After [workflow.DayShards]*dayKey `json:"after"`
	Done  [workflow.DayShards]bool    `json:"done"`
	// Seen tells that the day has orders, Empty how many days before had none.
	Seen  bool `json:"seen"`
	Empty int  `json:"empty"`
}

// dayKey is the key of a row in the index, besides its day.
type dayKey struct {
	Created string `json:"created"`
	User    string `json:"user"`
	ID      string `json:"id"`
}

func keyOf(r workflow.Row) *dayKey {
	return &dayKey{Created: r.CreatedText, User: r.UserID, ID: string(r.ID)}
}

func (m dayMark) token() string {
	text, _ := json.Marshal(m) // texts and numbers always can
	return dayToken + base64.RawURLEncoding.EncodeToString(text)
}

func readDayToken(token string) (m dayMark, err error) {
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(token, dayToken))
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err == nil {
		_, err = time.Parse(time.DateOnly, m.Day)
	}
	return m, err
}

// found is a row of a shard of a day.
type found struct {
	row   workflow.Row
	shard int
}

// Newest reads one page of at most limit rows, the newest orders first, by the
// index by day when the table has it, else as Page does. Behind the days it goes
// on with the table itself, which tells rows again that the index told. It is
// asked for by the operator, never polled. token "" starts at the newest; next ""
// means the end. readUnits is what the calls consumed.
func (c *Client) Newest(ctx context.Context, token string, limit int) (rows []workflow.Row, next string, readUnits float64, err error) {
	limit = min(max(limit, 1), maxPage)
	m := dayMark{Day: time.Now().UTC().Format(time.DateOnly)}
	if strings.HasPrefix(token, dayToken) {
		if m, err = readDayToken(token); err != nil {
			return nil, "", 0, damaged(c.table, err)
		}
	}
	if token == "" || strings.HasPrefix(token, dayToken) {
		rows, next, readUnits, err = c.newest(ctx, m, limit)
		switch {
		case token == "" && err != nil && noIndex(err):
		case err == nil && len(rows) == 0 && next == scanToken: // a page without a row says nothing
		default:
			return rows, next, readUnits, err
		}
		token = "" // the table from its beginning
	}
	rows, next, units, err := c.Page(ctx, strings.TrimPrefix(token, scanToken), limit)
	return rows, next, readUnits + units, err
}

func damaged(table string, err error) error {
	return &workflow.Problem{
		Kind: workflow.Invalid, Operation: "read a page", Target: table,
		Reason: "the mark of the next page is damaged", Next: "Start again at the first page", Err: err,
	}
}

// newest reads a page by the index. next goes on with older rows, at last with
// the table itself.
func (c *Client) newest(ctx context.Context, m dayMark, limit int) (rows []workflow.Row, next string, readUnits float64, err error) {
	for len(rows) < limit {
		candidates, whole, units, err := c.readDay(ctx, m, limit-len(rows))
		readUnits += units
		if err != nil {
			return nil, "", readUnits, err
		}
		taken := candidates[:min(len(candidates), limit-len(rows))]
		for _, f := range taken {
			rows = append(rows, f.row)
			m.After[f.shard], m.Seen = keyOf(f.row), true
		}
		for shard := range m.Done {
			left := slices.ContainsFunc(candidates[len(taken):], func(f found) bool { return f.shard == shard })
			m.Done[shard] = m.Done[shard] || whole[shard] && !left
		}
		if slices.Contains(m.Done[:], false) {
			continue
		}
		if m = m.dayBefore(); m.Empty >= emptyDays {
			return rows, scanToken, readUnits, nil
		}
	}
	return rows, m.token(), readUnits, nil
}

// dayBefore is the mark of the beginning of the day before.
func (m dayMark) dayBefore() dayMark {
	day, _ := time.Parse(time.DateOnly, m.Day) // it was read or written as such
	before := dayMark{Day: day.AddDate(0, 0, -1).Format(time.DateOnly)}
	if !m.Seen {
		before.Empty = m.Empty + 1
	}
	return before
}

// readDay reads up to limit rows of each shard of a day that is not done, newest
// first; whole tells which of the shards have no more.
func (c *Client) readDay(ctx context.Context, m dayMark, limit int) (rows []found, whole [workflow.DayShards]bool, readUnits float64, err error) {
	day, err := time.Parse(time.DateOnly, m.Day)
	if err != nil {
		return nil, whole, 0, err
	}
	for shard, key := range workflow.DayKeys(day) {
		if m.Done[shard] {
			continue
		}
		out, err := c.dynamodb.Query(ctx, &dynamodb.QueryInput{
			TableName: &c.table, IndexName: awssdk.String(workflow.DayIndex), Limit: awssdk.Int32(int32(max(1, min(limit, maxPage)))),
			ScanIndexForward:          awssdk.Bool(false),
			KeyConditionExpression:    awssdk.String("#day = :day"),
			ExpressionAttributeNames:  map[string]string{"#day": workflow.DayField},
			ExpressionAttributeValues: map[string]types.AttributeValue{":day": text(key)},
			ExclusiveStartKey:         m.After[shard].start(key),
			ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal,
		})
		if err != nil {
			return nil, whole, readUnits, workflow.ProblemOf(err, "dynamodb:Query", c.table)
		}
		if out.ConsumedCapacity != nil {
			readUnits += awssdk.ToFloat64(out.ConsumedCapacity.CapacityUnits)
		}
		for _, item := range out.Items {
			rows = append(rows, found{row(item), shard})
		}
		whole[shard] = len(out.LastEvaluatedKey) == 0
	}
	slices.SortStableFunc(rows, func(a, b found) int { return cmp.Compare(b.row.CreatedText, a.row.CreatedText) })
	return rows, whole, readUnits, nil
}

// start is the key behind which a shard goes on; nil begins it.
func (k *dayKey) start(day string) map[string]types.AttributeValue {
	if k == nil {
		return nil
	}
	return map[string]types.AttributeValue{
		workflow.DayField: text(day), "created_at": text(k.Created), userIDField: text(k.User), idField: text(k.ID),
	}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// noIndex tells that the index can't be used: the table has none, or it may not
// be read. The table itself has everything.
func noIndex(err error) bool {
	answer, ok := errors.AsType[smithy.APIError](err)
	return ok && (answer.ErrorCode() == "ValidationException" || answer.ErrorCode() == "AccessDeniedException")
}
