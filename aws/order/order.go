// Package order is the operator's adapter of DynamoDB: the orders table. What
// the table holds is written by others and may have any type; reading it never
// fails for what is inside.
package order

import (
	"context"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"orderops/workflow"
)

// Limits of DynamoDB.
const (
	maxKeys     = 100  // keys of one BatchGetItem
	maxUserID   = 2048 // bytes of a partition key
	maxID       = 1024 // bytes of a sort key
	maxPage     = 1000 // our own: rows of one page
	maxRounds   = 4    // our own: calls for one hundred keys, while DynamoDB leaves some unprocessed
	firstPause  = 100 * time.Millisecond
	userIDField = "user_id"
	idField     = "id"
)

// Client reads one orders table. It is safe for concurrent use.
type Client struct {
	dynamodb *dynamodb.Client
	table    string
}

// New makes a client for a table, by name or ARN, from the operator's configuration.
func New(cfg awssdk.Config, table string) *Client {
	return &Client{dynamodb: dynamodb.NewFromConfig(cfg), table: table}
}

// Rows reads the rows with these keys, in no particular order; a key without a
// row gives none. When DynamoDB leaves keys unprocessed to the end, the rows
// that came are returned with a Problem of kind Throttled.
func (c *Client) Rows(ctx context.Context, keys []workflow.RowKey) ([]workflow.Row, error) {
	wanted := possible(keys)
	rows := make([]workflow.Row, 0, len(wanted))
	for len(wanted) > 0 {
		n := min(len(wanted), maxKeys)
		got, err := c.batch(ctx, wanted[:n])
		rows = append(rows, got...)
		if err != nil {
			return rows, err
		}
		wanted = wanted[n:]
	}
	return rows, nil
}

// possible drops repeated keys, which DynamoDB refuses, and keys that no row
// can have, which would make it refuse the others with them.
func possible(keys []workflow.RowKey) []workflow.RowKey {
	seen := make(map[workflow.RowKey]bool, len(keys))
	wanted := make([]workflow.RowKey, 0, len(keys))
	for _, k := range keys {
		if seen[k] || k.UserID == "" || k.ID == "" || len(k.UserID) > maxUserID || len(k.ID) > maxID {
			continue
		}
		seen[k] = true
		wanted = append(wanted, k)
	}
	return wanted
}

func (c *Client) batch(ctx context.Context, keys []workflow.RowKey) ([]workflow.Row, error) {
	request := types.KeysAndAttributes{Keys: make([]map[string]types.AttributeValue, len(keys))}
	for i, k := range keys {
		request.Keys[i] = map[string]types.AttributeValue{
			userIDField: &types.AttributeValueMemberS{Value: k.UserID},
			idField:     &types.AttributeValueMemberS{Value: string(k.ID)},
		}
	}
	items := map[string]types.KeysAndAttributes{c.table: request}
	var rows []workflow.Row
	pause := firstPause
	for round := 1; ; round++ {
		out, err := c.dynamodb.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: items})
		if err != nil {
			return rows, workflow.ProblemOf(err, "dynamodb:BatchGetItem", c.table)
		}
		for _, table := range out.Responses {
			for _, item := range table {
				rows = append(rows, row(item))
			}
		}
		items = out.UnprocessedKeys
		left := 0
		for _, k := range items {
			left += len(k.Keys)
		}
		if left == 0 {
			return rows, nil
		}
		// A poll asks once: its next round is the next poll.
		if round == maxRounds || workflow.IsPolling(ctx) {
			return rows, unprocessed(c.table, left)
		}
		if err := wait(ctx, pause); err != nil {
			return rows, unprocessed(c.table, left)
		}
		pause *= 2
	}
}

func unprocessed(table string, left int) error {
	return &workflow.Problem{
		Kind: workflow.Throttled, Operation: "dynamodb:BatchGetItem", Target: table,
		Reason: "DynamoDB left " + plural(left, "row") + " unread for lack of throughput",
		Next:   "Refresh in a moment; if it stays so, the table's read capacity is too small",
	}
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Page scans one page of the table, at most limit rows. It is asked for by the
// operator, never polled: a scan reads, and costs, everything. token "" starts
// at the beginning; next "" means the end. readUnits is what the call consumed.
func (c *Client) Page(ctx context.Context, token string, limit int) (rows []workflow.Row, next string, readUnits float64, err error) {
	start, err := decodeToken(token)
	if err != nil {
		return nil, "", 0, damaged(c.table, err)
	}
	out, err := c.dynamodb.Scan(ctx, &dynamodb.ScanInput{
		TableName: &c.table, Limit: awssdk.Int32(int32(min(max(limit, 1), maxPage))),
		ExclusiveStartKey:      start,
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	})
	if err != nil {
		return nil, "", 0, workflow.ProblemOf(err, "dynamodb:Scan", c.table)
	}
	rows = make([]workflow.Row, 0, len(out.Items))
	for _, item := range out.Items {
		rows = append(rows, row(item))
	}
	if out.ConsumedCapacity != nil {
		readUnits = awssdk.ToFloat64(out.ConsumedCapacity.CapacityUnits)
	}
	return rows, encodeToken(out.LastEvaluatedKey), readUnits, nil
}
