package order_test

import (
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

	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/aws/order"
	"orderops/workflow"
)

// byDay is a client of a table with the index by day, on the morning of the
// 27th, with the cloud that it is on.
func byDay(t *testing.T) *bench {
	t.Helper()
	time.Sleep(time.Until(time.Date(2026, 11, 27, 6, 0, 0, 0, time.UTC)))
	b := &bench{T: t}
	b.cloud = local.New(local.Options{})
	cfg := awssdk.Config{Region: "us-east-1", HTTPClient: b.cloud.HTTPClient(), Credentials: credentials.NewStaticCredentialsProvider("key", "secret", "")}
	b.Client, b.raw = order.New(cfg, "order-table"), dynamodb.NewFromConfig(cfg)
	key := func(name string, kind types.KeyType) types.KeySchemaElement {
		return types.KeySchemaElement{AttributeName: &name, KeyType: kind}
	}
	attribute := func(name string) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: &name, AttributeType: types.ScalarAttributeTypeS}
	}
	_, err := b.raw.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: awssdk.String("order-table"), BillingMode: types.BillingModePayPerRequest,
		KeySchema:            []types.KeySchemaElement{key("user_id", types.KeyTypeHash), key("id", types.KeyTypeRange)},
		AttributeDefinitions: []types.AttributeDefinition{attribute("user_id"), attribute("id"), attribute("created_at"), attribute(workflow.DayField)},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: awssdk.String(workflow.DayIndex), Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
			KeySchema: []types.KeySchemaElement{key(workflow.DayField, types.KeyTypeHash), key("created_at", types.KeyTypeRange)},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// place puts an order of a time into the table; unindexed ones are older than
// the index.
func (b *bench) place(n int, created time.Time, indexed bool) {
	b.Helper()
	id := workflow.OrderID(fmt.Sprintf("id-%03d", n))
	item := map[string]types.AttributeValue{
		"user_id": text(fmt.Sprintf("u%d", n%3)), "id": text(string(id)), "created_at": text(created.UTC().Format(time.RFC3339)),
	}
	if indexed {
		item[workflow.DayField] = text(workflow.DayKey(created, id))
	}
	b.put(item)
}

// pages reads page after page until the end, at most most of them.
func (b *bench) pages(size, most int) (read [][]workflow.Row, next string) {
	b.Helper()
	for range most {
		rows, token, units, err := b.Newest(b.Context(), next, size)
		if err != nil {
			b.Fatal(err)
		}
		if units <= 0 {
			b.Errorf("a page of %d rows cost %v", len(rows), units)
		}
		read = append(read, rows)
		if next = token; next == "" {
			break
		}
	}
	return read, next
}

func TestNewestOrdersComeFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := byDay(t)
		defer b.cloud.Close()
		const orders = 57
		for n := range orders { // over three days, with a day without any
			b.place(n, time.Now().Add(-time.Duration(n)*time.Hour-time.Duration(n/20)*24*time.Hour), true)
		}
		b.place(900, time.Now().AddDate(0, -6, 0), false)
		for _, size := range []int{1, 7, 20, 200} {
			read, _ := b.pages(size, orders/size+1)
			var ids []string
			for i, page := range read {
				if len(page) > size || i < len(read)-1 && len(page) != size {
					t.Errorf("page %d of %d has %d rows", i, size, len(page))
				}
				for _, r := range page {
					ids = append(ids, string(r.ID))
				}
			}
			if len(ids) < orders || !slices.IsSorted(ids[:orders]) {
				t.Errorf("by pages of %d: %d rows, %v", size, len(ids), ids)
			}
		}
	})
}

func TestOldOrdersAreReadFromTheTable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := byDay(t)
		defer b.cloud.Close()
		b.place(1, time.Now(), true)
		b.place(2, time.Now().AddDate(-1, 0, 0), false)
		read, next := b.pages(50, 5)
		if len(read) != 2 || next != "" || len(read[0]) != 1 || len(read[1]) != 2 {
			t.Errorf("got %v, next %q", read, next)
		}
		if calls := b.cloud.Calls("key"); calls["dynamodb:Query"] > 40 || calls["dynamodb:Scan"] != 1 {
			t.Errorf("calls: %v", calls)
		}
	})
}

func TestNoPageIsEmptyWhileThereAreOrders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := byDay(t)
		defer b.cloud.Close()
		b.place(1, time.Now().AddDate(-1, 0, 0), false)
		if read, next := b.pages(50, 5); len(read) != 1 || len(read[0]) != 1 || next != "" {
			t.Errorf("got %v, next %q", read, next)
		}
	})
}

func TestWithoutTheIndexTheTableIsRead(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]func(call local.Call) *wire.Error{
		"none": nil,
		"not permitted": func(call local.Call) *wire.Error {
			if call.Operation == "Query" {
				return call.Denied("index/" + workflow.DayIndex)
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(b *bench) {
				b.fault = fault
				b.fill(3)
				rows, next, _, err := b.Newest(b.Context(), "", 10)
				if err != nil || len(rows) != 3 || next != "" {
					b.Errorf("%d rows, next %q, %v", len(rows), next, err)
				}
			})
		})
	}
}

func TestADamagedDayIsRefused(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		for _, token := range []string{"day:", "day:e30", "day:%", "day:" + strings.Repeat("A", 50)} {
			if _, _, _, err := b.Newest(b.Context(), token, 10); workflow.KindOf(err) != workflow.Invalid {
				b.Errorf("%q: %v", token, err)
			}
		}
	})
}
