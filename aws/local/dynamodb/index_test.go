package dynamodb

import (
	"fmt"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
)

// indexed makes the order system's table with an index of that projection by day
// of creation, in which u/1 to u/5 are of the first day, the last two at the same
// time, u/6 is of the next, and u/7 is of none.
func indexed(t *testing.T, projection types.ProjectionType) *sdk.Client {
	t.Helper()
	client := newClient(t)
	attribute := func(name string) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: &name, AttributeType: types.ScalarAttributeTypeS}
	}
	keys := func(hash, sort string) []types.KeySchemaElement {
		return []types.KeySchemaElement{{AttributeName: &hash, KeyType: types.KeyTypeHash}, {AttributeName: &sort, KeyType: types.KeyTypeRange}}
	}
	_, err := client.CreateTable(t.Context(), &sdk.CreateTableInput{
		TableName: awssdk.String("order-table"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{attribute("user_id"), attribute("id"), attribute("day"), attribute("created_at")},
		KeySchema:            keys("user_id", "id"),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: awssdk.String("by-day"), KeySchema: keys("day", "created_at"), Projection: &types.Projection{ProjectionType: projection},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for n, at := range []string{"03", "01", "02", "04", "04"} {
		put(t, client, "u", fmt.Sprint(n+1), attrs{"day": text("1st"), "created_at": text(at), "order_status": text("PENDING")})
	}
	put(t, client, "u", "6", attrs{"day": text("2nd"), "created_at": text("01")})
	put(t, client, "u", "7", attrs{"created_at": text("01")})
	return client
}

// queryDay reads all pages of the first day's orders, newest first.
func queryDay(t *testing.T, client *sdk.Client, change func(*sdk.QueryInput)) (pages []string, items []attrs) {
	t.Helper()
	in := &sdk.QueryInput{
		TableName: awssdk.String("order-table"), IndexName: awssdk.String("by-day"), ScanIndexForward: awssdk.Bool(false),
		KeyConditionExpression: awssdk.String("#day = :day"), ExpressionAttributeNames: map[string]string{"#day": "day"}, ExpressionAttributeValues: attrs{":day": text("1st")},
	}
	change(in)
	p := sdk.NewQueryPaginator(client, in)
	for p.HasMorePages() {
		page, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		pages, items = append(pages, ids(page.Items)), append(items, page.Items...)
	}
	return pages, items
}

func TestQueryOfAnIndex(t *testing.T) {
	t.Parallel()
	client := indexed(t, types.ProjectionTypeAll)
	for _, c := range []struct {
		name   string
		change func(*sdk.QueryInput)
		want   []string
	}{
		{"newest first", func(*sdk.QueryInput) {}, []string{"5 4 1 3 2"}},
		{"oldest first", func(in *sdk.QueryInput) { in.ScanIndexForward = nil }, []string{"2 3 1 4 5"}},
		{"in pages", func(in *sdk.QueryInput) { in.Limit = awssdk.Int32(1) }, []string{"5", "4", "1", "3", "2", ""}},
		{"since", func(in *sdk.QueryInput) {
			in.KeyConditionExpression = awssdk.String("#day = :day AND created_at >= :at")
			in.ExpressionAttributeValues[":at"] = text("03")
		}, []string{"5 4 1"}},
	} {
		pages, items := queryDay(t, client, c.change)
		if diff := cmp.Diff(c.want, pages); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
		if _, ok := items[0]["order_status"]; !ok {
			t.Errorf("%s: not all attributes in %v", c.name, items[0])
		}
	}
}

func TestIndexFollowsTheTable(t *testing.T) {
	t.Parallel()
	client := indexed(t, types.ProjectionTypeKeysOnly)
	_, err := client.UpdateItem(t.Context(), &sdk.UpdateItemInput{
		TableName: awssdk.String("order-table"), Key: orderKey("u", "1"), UpdateExpression: awssdk.String("REMOVE created_at"),
	})
	if err != nil {
		t.Fatal(err)
	}
	put(t, client, "u", "2", attrs{"day": text("1st"), "created_at": text("09"), "order_status": text("SUCCESS")})
	pages, items := queryDay(t, client, func(in *sdk.QueryInput) { in.Limit = awssdk.Int32(3) })
	if diff := cmp.Diff([]string{"2 5 4", "3"}, pages); diff != "" {
		t.Error(diff)
	}
	same(t, "keys only", items[0], attrs{"user_id": text("u"), "id": text("2"), "day": text("1st"), "created_at": text("09")})
	described, err := client.DescribeTable(t.Context(), &sdk.DescribeTableInput{TableName: awssdk.String("order-table")})
	if err != nil {
		t.Fatal(err)
	}
	index := described.Table.GlobalSecondaryIndexes[0]
	if *index.IndexName != "by-day" || index.IndexStatus != types.IndexStatusActive || !strings.HasSuffix(*index.IndexArn, "table/order-table/index/by-day") ||
		index.Projection.ProjectionType != types.ProjectionTypeKeysOnly || *index.KeySchema[1].AttributeName != "created_at" || *index.ItemCount != 5 {
		t.Errorf("index %+v", index)
	}
}

func TestIndexRefuses(t *testing.T) {
	t.Parallel()
	client := indexed(t, types.ProjectionTypeAll)
	item := func(day types.AttributeValue) error {
		_, err := client.PutItem(t.Context(), &sdk.PutItemInput{TableName: awssdk.String("order-table"), Item: attrs{"user_id": text("u"), "id": text("9"), "day": day}})
		return err
	}
	query := func(change func(*sdk.QueryInput)) error {
		in := &sdk.QueryInput{
			TableName: awssdk.String("order-table"), IndexName: awssdk.String("by-day"),
			KeyConditionExpression: awssdk.String("#day = :day"), ExpressionAttributeNames: map[string]string{"#day": "day"}, ExpressionAttributeValues: attrs{":day": text("1st")},
		}
		change(in)
		_, err := client.Query(t.Context(), in)
		return err
	}
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"type", item(num("1")), "One or more parameter values were invalid: Type mismatch for Index Key day Expected: S Actual: N IndexName: by-day"},
		{"empty", item(text("")), "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: by-day, IndexKey: day"},
		{"consistent", query(func(in *sdk.QueryInput) { in.ConsistentRead = awssdk.Bool(true) }), "Consistent reads are not supported on global secondary indexes"},
		{"the table's key", query(func(in *sdk.QueryInput) { in.ExpressionAttributeNames["#day"] = "user_id" }), "Query key condition not supported"},
		{"start", query(func(in *sdk.QueryInput) { in.ExclusiveStartKey = orderKey("u", "1") }), "The provided starting key is invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantError(t, c.err, "ValidationException", c.want)
		})
	}
}
