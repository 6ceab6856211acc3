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

// ids shows items by their sort keys.
func ids(items []map[string]types.AttributeValue) string {
	var all []string
	for _, i := range items {
		all = append(all, i["id"].(*types.AttributeValueMemberS).Value)
	}
	return strings.Join(all, " ")
}

// fiveOrders stores u/1 to u/5 and an order of somebody else.
func fiveOrders(t *testing.T) *sdk.Client {
	t.Helper()
	client := newClient(t, orderTable())
	for _, id := range []string{"3", "1", "5", "2", "4"} {
		status := "SUCCESS"
		if id > "3" {
			status = "PENDING"
		}
		put(t, client, "u", id, attrs{"quantity": num(id), "order_status": text(status), "created_at": text("2026-11-0" + id), "restaurant_id": text("r")})
	}
	put(t, client, "other", "9", nil)
	return client
}

func TestQueryKeyConditions(t *testing.T) {
	t.Parallel()
	client := fiveOrders(t)
	values := attrs{":u": text("u"), ":2": text("2"), ":4": text("4")}
	for _, c := range []struct{ condition, want string }{
		{"user_id = :u", "1 2 3 4 5"},
		{"id < :2 AND user_id = :u", "1"},
		{"user_id = :u AND id <= :2", "1 2"},
		{"user_id = :u AND id = :2", "2"},
		{"user_id = :u AND id > :4", "5"},
		{"user_id = :u AND id >= :4", "4 5"},
		{"(user_id = :u) AND (id BETWEEN :2 AND :4)", "2 3 4"},
		{"user_id = :4", ""},
	} {
		used := attrs{}
		for name, v := range values {
			if strings.Contains(c.condition, name) {
				used[name] = v
			}
		}
		out, err := client.Query(t.Context(), &sdk.QueryInput{TableName: awssdk.String("order-table"), KeyConditionExpression: awssdk.String(c.condition), ExpressionAttributeValues: used})
		if err != nil {
			t.Errorf("%s: %v", c.condition, err)
			continue
		}
		if got := ids(out.Items); got != c.want || int(out.Count) != len(out.Items) || out.ScannedCount != out.Count {
			t.Errorf("%s = %q, count %d of %d; want %q", c.condition, got, out.Count, out.ScannedCount, c.want)
		}
	}
}

func TestQueryConditionsThatAreRefused(t *testing.T) {
	t.Parallel()
	client := fiveOrders(t)
	const unsupported = "Query key condition not supported"
	for condition, want := range map[string]string{
		"":                               "Invalid KeyConditionExpression: The expression can not be empty;",
		"id = :s":                        "Query condition missed key schema element: user_id",
		"quantity = :s":                  unsupported,
		"user_id = :s AND quantity = :s": unsupported,
		"user_id > :s":                   unsupported,
		"user_id = :s OR id = :s":        unsupported,
		"user_id = :s AND id <> :s":      unsupported,
		"user_id = :s AND :s = id":       unsupported,
		"attribute_exists(user_id)":      unsupported,
		"user_id = :s AND user_id = :s":  unsupported,
		"user_id = :s AND id = quantity": "One or more parameter values were invalid: Condition parameter type does not match schema type",
		"user_id = :n":                   "One or more parameter values were invalid: Condition parameter type does not match schema type",
		"user_id = :s AND id BETWEEN :s": `Invalid KeyConditionExpression: Syntax error; token: "<EOF>", near: ":s"`,
		"user_id = :e":                   "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: user_id",
	} {
		values := attrs{}
		for name, v := range (attrs{":s": text("u"), ":n": num("1"), ":e": text("")}) {
			if strings.Contains(condition, name) {
				values[name] = v
			}
		}
		if len(values) == 0 {
			values = nil
		}
		_, err := client.Query(t.Context(), &sdk.QueryInput{TableName: awssdk.String("order-table"), KeyConditionExpression: awssdk.String(condition), ExpressionAttributeValues: values})
		t.Run(condition, func(t *testing.T) {
			t.Parallel()
			wantError(t, err, "ValidationException", want)
		})
	}
}

func TestReadsThatAreRefused(t *testing.T) {
	t.Parallel()
	client := fiveOrders(t)
	user := attrs{":u": text("u")}
	for _, c := range []struct {
		name   string
		change func(*sdk.QueryInput)
		want   string
	}{
		{"no condition", func(in *sdk.QueryInput) { in.KeyConditionExpression, in.ExpressionAttributeValues = nil, nil }, "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."},
		{"limit", func(in *sdk.QueryInput) { in.Limit = awssdk.Int32(0) }, "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"},
		{"start key", func(in *sdk.QueryInput) { in.ExclusiveStartKey = attrs{"user_id": text("u")} }, "The provided starting key is invalid"},
		{"start key of another type", func(in *sdk.QueryInput) { in.ExclusiveStartKey = attrs{"user_id": text("u"), "id": num("1")} }, "The provided starting key is invalid"},
		{"start key elsewhere", func(in *sdk.QueryInput) { in.ExclusiveStartKey = orderKey("other", "9") }, "The provided starting key is outside query boundaries based on provided conditions"},
		{"select", func(in *sdk.QueryInput) { in.Select = types.SelectSpecificAttributes }, "Select SPECIFIC_ATTRIBUTES is not supported by the local AWS"},
		{"index", func(in *sdk.QueryInput) { in.IndexName = awssdk.String("by-status") }, "The table does not have the specified index: by-status"},
		{"filter", func(in *sdk.QueryInput) { in.FilterExpression = awssdk.String("a = b") }, "The parameter FilterExpression is not supported by the local AWS"},
		{"projection", func(in *sdk.QueryInput) { in.ProjectionExpression = awssdk.String("a") }, "The parameter ProjectionExpression is not supported by the local AWS"},
		{"capacity", func(in *sdk.QueryInput) { in.ReturnConsumedCapacity = types.ReturnConsumedCapacityIndexes }, "ReturnConsumedCapacity INDEXES is not supported by the local AWS"},
	} {
		in := &sdk.QueryInput{TableName: awssdk.String("order-table"), KeyConditionExpression: awssdk.String("user_id = :u"), ExpressionAttributeValues: user}
		c.change(in)
		_, err := client.Query(t.Context(), in)
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantError(t, err, "ValidationException", c.want)
		})
	}
}

func TestQueryPages(t *testing.T) {
	t.Parallel()
	client := fiveOrders(t)
	for _, c := range []struct {
		name    string
		forward bool
		want    []string
	}{
		{"forward", true, []string{"1 2", "3 4", "5"}},
		{"backward", false, []string{"5 4", "3 2", "1"}},
	} {
		var pages []string
		p := sdk.NewQueryPaginator(client, &sdk.QueryInput{
			TableName: awssdk.String("order-table"), KeyConditionExpression: awssdk.String("user_id = :u"), ExpressionAttributeValues: attrs{":u": text("u")},
			Limit: awssdk.Int32(2), ScanIndexForward: awssdk.Bool(c.forward),
		})
		for p.HasMorePages() {
			page, err := p.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, ids(page.Items))
		}
		if diff := cmp.Diff(c.want, pages); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
	}
}

func TestScanIsStableAndComplete(t *testing.T) {
	t.Parallel()
	scanned := func(limit int32) (all []string) {
		client := newClient(t, orderTable())
		for n := range 40 {
			put(t, client, fmt.Sprintf("user-%d", n%13), fmt.Sprintf("%02d", n), nil)
		}
		p := sdk.NewScanPaginator(client, &sdk.ScanInput{TableName: awssdk.String("order-table"), Limit: awssdk.Int32(limit)})
		for p.HasMorePages() {
			page, err := p.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range page.Items {
				all = append(all, i["user_id"].(*types.AttributeValueMemberS).Value+"/"+ids([]map[string]types.AttributeValue{i}))
			}
		}
		return all
	}
	whole := scanned(100)
	if diff := cmp.Diff(whole, scanned(7)); diff != "" {
		t.Errorf("other pages, other order:\n%s", diff)
	}
	seen := map[string]string{}
	for n, row := range whole {
		user, id, _ := strings.Cut(row, "/")
		if last, ok := seen[user]; ok && (last > id || !strings.HasPrefix(whole[n-1], user+"/")) {
			t.Errorf("%s stands after %s", row, whole[n-1])
		}
		seen[user] = id
	}
	if len(whole) != 40 || len(seen) != 13 {
		t.Errorf("%d items of %d users", len(whole), len(seen))
	}
}

func TestCountHasNoItems(t *testing.T) {
	t.Parallel()
	out, err := fiveOrders(t).Scan(t.Context(), &sdk.ScanInput{TableName: awssdk.String("order-table"), Select: types.SelectCount})
	if err != nil {
		t.Fatal(err)
	}
	if out.Items != nil || out.Count != 6 || out.ScannedCount != 6 {
		t.Errorf("%d of %d, items %v", out.Count, out.ScannedCount, out.Items)
	}
}

func TestPagesOfOneMegabyte(t *testing.T) {
	t.Parallel()
	client := newClient(t, orderTable())
	for n := range 5 {
		put(t, client, "u", fmt.Sprint(n), attrs{"payload": text(strings.Repeat("x", 399<<10))})
	}
	for _, forward := range []bool{true, false} {
		var pages []int32
		p := sdk.NewQueryPaginator(client, &sdk.QueryInput{
			TableName: awssdk.String("order-table"), KeyConditionExpression: awssdk.String("user_id = :u"), ExpressionAttributeValues: attrs{":u": text("u")},
			ScanIndexForward: &forward,
		})
		for p.HasMorePages() {
			page, err := p.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, page.Count)
		}
		if diff := cmp.Diff([]int32{2, 2, 1}, pages); diff != "" {
			t.Errorf("forward %t:\n%s", forward, diff)
		}
	}
}

func TestReadCapacity(t *testing.T) {
	t.Parallel()
	client := newClient(t, orderTable())
	put(t, client, "u", "1", attrs{"payload": text(strings.Repeat("x", 4096))}) // 4117 bytes with the keys
	put(t, client, "v", "2", nil)
	for _, c := range []struct {
		user       string
		consistent bool
		want       float64
	}{
		{"v", false, 0.5},
		{"v", true, 1},
		{"u", false, 1},
		{"u", true, 2},
		{"nobody", false, 0.5},
	} {
		out, err := client.Query(t.Context(), &sdk.QueryInput{
			TableName: awssdk.String("order-table"), ConsistentRead: &c.consistent, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
			KeyConditionExpression: awssdk.String("user_id = :u"), ExpressionAttributeValues: attrs{":u": text(c.user)},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := *out.ConsumedCapacity.CapacityUnits; got != c.want {
			t.Errorf("%s, consistent %t: %v units, want %v", c.user, c.consistent, got, c.want)
		}
	}
}
