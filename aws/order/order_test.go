package order_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/aws/order"
	"orderops/workflow"
)

const table = `
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: order-table
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: user_id, AttributeType: S}, {AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: user_id, KeyType: HASH}, {AttributeName: id, KeyType: RANGE}]
`

// bench is a client of a cloud with the orders table, with helpers that fail the test.
type bench struct {
	*testing.T
	*order.Client
	cloud *local.Cloud
	raw   *dynamodb.Client
	fault func(call local.Call) *wire.Error
}

func inBubble(t *testing.T, test func(b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{T: t}
		b.cloud = local.New(local.Options{Intercept: func(_ context.Context, call local.Call) *wire.Error {
			if b.fault == nil {
				return nil
			}
			return b.fault(call)
		}})
		defer b.cloud.Close()
		if err := b.cloud.Deploy(local.Deployment{Stack: "shop", Template: []byte(table)}); err != nil {
			t.Fatal(err)
		}
		cfg := awssdk.Config{
			Region: "us-east-1", HTTPClient: b.cloud.HTTPClient(),
			Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
		}
		b.Client, b.raw = order.New(cfg, "order-table"), dynamodb.NewFromConfig(cfg)
		test(b)
	})
}

func (b *bench) put(item map[string]types.AttributeValue) {
	b.Helper()
	if _, err := b.raw.PutItem(b.Context(), &dynamodb.PutItemInput{TableName: awssdk.String("order-table"), Item: item}); err != nil {
		b.Fatal(err)
	}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func (b *bench) fill(n int) []workflow.RowKey {
	b.Helper()
	keys := make([]workflow.RowKey, n)
	for i := range keys {
		keys[i] = workflow.RowKey{UserID: fmt.Sprintf("user-%03d", i), ID: workflow.OrderID(fmt.Sprintf("id-%03d", i))}
		b.put(map[string]types.AttributeValue{"user_id": text(keys[i].UserID), "id": text(string(keys[i].ID))})
	}
	return keys
}

func TestRowsReadsEverything(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		b.put(map[string]types.AttributeValue{
			"user_id": text("Burger_20"), "id": text("7c1e"), "restaurant_id": text("Restaurant 4"), "quantity": text("3"),
			"created_at": text("2026-11-23T12:00:00Z"), "order_status": text("FAILURE"),
			"error_message": text("payment method declined"), "message_id": text("m-1"),
		})
		rows, err := b.Rows(b.Context(), []workflow.RowKey{{UserID: "Burger_20", ID: "7c1e"}})
		if err != nil {
			b.Fatal(err)
		}
		want := []workflow.Row{{
			RowKey: workflow.RowKey{UserID: "Burger_20", ID: "7c1e"}, RestaurantID: "Restaurant 4", Quantity: "3",
			Created: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), CreatedText: "2026-11-23T12:00:00Z",
			Status: workflow.Failure, ErrorMessage: "payment method declined", MessageID: "m-1",
		}}
		if diff := cmp.Diff(want, rows); diff != "" {
			b.Errorf("rows (-want +got):\n%s", diff)
		}
	})
}

func TestRowsTakesAnyType(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		b.put(map[string]types.AttributeValue{
			"user_id": text("u"), "id": text("i"),
			"quantity":      &types.AttributeValueMemberN{Value: "3"},
			"order_status":  &types.AttributeValueMemberL{Value: []types.AttributeValue{text("\u202eSUCCESS")}},
			"created_at":    text("yesterday"),
			"restaurant_id": &types.AttributeValueMemberNULL{Value: true},
			"message_id":    &types.AttributeValueMemberB{Value: []byte{0, 255}},
			"error_message": &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"a": &types.AttributeValueMemberBOOL{Value: true}}},
			"tags":          &types.AttributeValueMemberSS{Value: []string{"x"}},
			"numbers":       &types.AttributeValueMemberNS{Value: []string{"1"}},
			"blobs":         &types.AttributeValueMemberBS{Value: [][]byte{{1}}},
			"note":          text("hi"),
		})
		rows, err := b.Rows(b.Context(), []workflow.RowKey{{UserID: "u", ID: "i"}})
		if err != nil {
			b.Fatal(err)
		}
		want := []workflow.Row{{
			RowKey: workflow.RowKey{UserID: "u", ID: "i"}, Quantity: "3", CreatedText: "yesterday",
			Extra: map[string]string{
				"order_status": `{"L":[{"S":"` + "\u202e" + `SUCCESS"}]}`, "restaurant_id": `{"NULL":true}`, "message_id": `{"B":"AP8="}`,
				"error_message": `{"M":{"a":{"BOOL":true}}}`, "tags": `{"SS":["x"]}`, "numbers": `{"NS":["1"]}`,
				"blobs": `{"BS":["AQ=="]}`, "note": `{"S":"hi"}`,
			},
		}}
		if diff := cmp.Diff(want, rows); diff != "" {
			b.Errorf("rows (-want +got):\n%s", diff)
		}
	})
}

func TestRowsAsksInHundreds(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		keys := b.fill(120)
		asked := slices.Concat(keys, keys[:7], []workflow.RowKey{
			{},
			{UserID: "u"},
			{ID: "i"},
			{UserID: strings.Repeat("u", 2049), ID: "i"},
			{UserID: "u", ID: workflow.OrderID(strings.Repeat("i", 1025))},
			{UserID: "nobody", ID: "nothing"},
		})
		rows, err := b.Rows(b.Context(), asked)
		if err != nil || len(rows) != len(keys) {
			b.Errorf("got %d rows, %v; want %d", len(rows), err, len(keys))
		}
		if n := b.cloud.Calls("key")["dynamodb:BatchGetItem"]; n != 2 {
			b.Errorf("made %d calls, want 2", n)
		}
	})
}

func TestRowsOfNoKeysCallsNothing(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		if rows, err := b.Rows(b.Context(), nil); err != nil || len(rows) != 0 {
			b.Errorf("got %v, %v", rows, err)
		}
		if n := b.cloud.Calls("key")["dynamodb:BatchGetItem"]; n != 0 {
			b.Errorf("made %d calls", n)
		}
	})
}

func TestPageByPage(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		keys := b.fill(23)
		seen := make(map[workflow.RowKey]int)
		token, pages := "", 0
		for {
			rows, next, units, err := b.Page(b.Context(), token, 10)
			if err != nil {
				b.Fatal(err)
			}
			if len(rows) > 0 && units <= 0 {
				b.Errorf("page %d: got %v read units", pages, units)
			}
			for _, row := range rows {
				seen[row.RowKey]++
			}
			pages++
			if token = next; token == "" {
				break
			}
		}
		if len(seen) != len(keys) || pages != 3 {
			b.Errorf("got %d rows in %d pages, want %d in 3", len(seen), pages, len(keys))
		}
		for key, n := range seen {
			if n != 1 {
				b.Errorf("%v came %d times", key, n)
			}
		}
	})
}

func TestPageRefusesADamagedMark(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		for _, token := range []string{"*", "e30", "bm8", "eyJhIjp7fX0"} { // no base64, {}, no JSON, {"a":{}}
			if _, _, _, err := b.Page(b.Context(), token, 10); workflow.KindOf(err) != workflow.Invalid {
				b.Errorf("%q: got %v, want invalid", token, err)
			}
		}
		if n := b.cloud.Calls("key")["dynamodb:Scan"]; n != 0 {
			b.Errorf("made %d calls", n)
		}
	})
}
