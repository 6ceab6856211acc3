package dynamodb

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"
)

// model is what the table should hold: user, then id as a number, then quantity.
type model map[string]map[int]string

// rows shows one user's orders in the order of their ids.
func (m model) rows(user string) []string {
	var rows []string
	for _, id := range slices.Sorted(maps.Keys(m[user])) {
		rows = append(rows, user+"/"+strconv.Itoa(id)+"="+m[user][id])
	}
	return rows
}

func rowOf(i attrs) string {
	return i["user_id"].(*types.AttributeValueMemberS).Value + "/" + i["id"].(*types.AttributeValueMemberN).Value + "=" + i["quantity"].(*types.AttributeValueMemberN).Value
}

func TestTableBehavesLikeAMap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		client := newClient(t, tableOf("orders", "user_id", "id:N"))
		m := model{}
		name := awssdk.String("orders")
		users, idsOf, quantities := rapid.SampledFrom([]string{"a", "b", "c"}), rapid.IntRange(-3, 12), rapid.SampledFrom([]string{"1", "2", "10"})
		limit := func() *int32 { return awssdk.Int32(rapid.Int32Range(1, 5).Draw(rt, "limit")) }
		check := func(err error) {
			if err != nil {
				rt.Fatal(err)
			}
		}
		equalRows := func(what string, got, want []string) {
			if !slices.Equal(got, want) {
				rt.Fatalf("%s = %v, want %v", what, got, want)
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"put": func(rt *rapid.T) {
				user, id, quantity := users.Draw(rt, "user"), idsOf.Draw(rt, "id"), quantities.Draw(rt, "quantity")
				_, err := client.PutItem(t.Context(), &sdk.PutItemInput{TableName: name, Item: attrs{"user_id": text(user), "id": num(strconv.Itoa(id)), "quantity": num(quantity)}})
				check(err)
				if m[user] == nil {
					m[user] = map[int]string{}
				}
				m[user][id] = quantity
			},
			"update": func(rt *rapid.T) {
				user, id := users.Draw(rt, "user"), idsOf.Draw(rt, "id")
				_, err := client.UpdateItem(t.Context(), &sdk.UpdateItemInput{
					TableName: name, Key: attrs{"user_id": text(user), "id": num(strconv.Itoa(id))}, ConditionExpression: awssdk.String("attribute_exists(id)"),
					UpdateExpression: awssdk.String("SET quantity = :n"), ExpressionAttributeValues: attrs{":n": num("5")},
				})
				if _, ok := m[user][id]; ok {
					check(err)
					m[user][id] = "5"
				} else if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); !ok {
					rt.Fatalf("the update of a missing item: %v", err)
				}
			},
			"get": func(rt *rapid.T) {
				user, id := users.Draw(rt, "user"), idsOf.Draw(rt, "id")
				out, err := client.GetItem(t.Context(), &sdk.GetItemInput{TableName: name, Key: attrs{"user_id": text(user), "id": num(strconv.Itoa(id))}})
				check(err)
				quantity, ok := m[user][id]
				if (out.Item != nil) != ok || ok && rowOf(out.Item) != user+"/"+strconv.Itoa(id)+"="+quantity {
					rt.Fatalf("get %s/%d = %v, want %q", user, id, out.Item, quantity)
				}
			},
			"query": func(rt *rapid.T) {
				user, forward := users.Draw(rt, "user"), rapid.Bool().Draw(rt, "forward")
				var got []string
				p := sdk.NewQueryPaginator(client, &sdk.QueryInput{
					TableName: name, KeyConditionExpression: awssdk.String("user_id = :u"), ExpressionAttributeValues: attrs{":u": text(user)}, ScanIndexForward: &forward, Limit: limit(),
				})
				for p.HasMorePages() {
					page, err := p.NextPage(t.Context())
					check(err)
					for _, i := range page.Items {
						got = append(got, rowOf(i))
					}
				}
				want := m.rows(user)
				if !forward {
					slices.Reverse(want)
				}
				equalRows("query "+user, got, want)
			},
			"": func(*rapid.T) {
				var got, want []string
				p := sdk.NewScanPaginator(client, &sdk.ScanInput{TableName: name, Limit: awssdk.Int32(4)})
				for p.HasMorePages() {
					page, err := p.NextPage(t.Context())
					check(err)
					for _, i := range page.Items {
						got = append(got, rowOf(i))
					}
				}
				for user := range m {
					want = append(want, m.rows(user)...)
				}
				slices.Sort(got)
				slices.Sort(want)
				equalRows("scan", got, want)
			},
		})
	})
}
