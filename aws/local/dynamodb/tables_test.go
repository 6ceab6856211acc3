package dynamodb

import (
	"testing"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"orderops/aws/local/identity"
)

func TestTableLife(t *testing.T) {
	t.Parallel()
	client := newClient(t)
	created, err := client.CreateTable(t.Context(), &sdk.CreateTableInput{
		TableName:   awssdk.String("orders"),
		BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: awssdk.String("id"), AttributeType: types.ScalarAttributeTypeN},
			{AttributeName: awssdk.String("user"), AttributeType: types.ScalarAttributeTypeS},
		},
		KeySchema: []types.KeySchemaElement{{AttributeName: awssdk.String("id"), KeyType: types.KeyTypeHash}},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName:  awssdk.String("by-user"),
			KeySchema:  []types.KeySchemaElement{{AttributeName: awssdk.String("user"), KeyType: types.KeyTypeHash}},
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if status := created.TableDescription.TableStatus; status != types.TableStatusCreating {
		t.Errorf("status = %s", status)
	}
	if err := sdk.NewTableExistsWaiter(client).Wait(t.Context(), &sdk.DescribeTableInput{TableName: awssdk.String("orders")}, time.Minute); err != nil {
		t.Fatal(err)
	}
	_, err = client.PutItem(t.Context(), &sdk.PutItemInput{TableName: awssdk.String("orders"), Item: attrs{"id": num("1"), "user": text("u")}})
	if err != nil {
		t.Fatal(err)
	}
	described, err := client.DescribeTable(t.Context(), &sdk.DescribeTableInput{TableName: awssdk.String("orders")})
	if err != nil {
		t.Fatal(err)
	}
	table := described.Table
	if got, want := awssdk.ToString(table.TableArn), "arn:aws:dynamodb:us-east-1:000000000000:table/orders"; got != want {
		t.Errorf("ARN = %s, want %s", got, want)
	}
	if *table.ItemCount != 1 || *table.TableSizeBytes != int64(len("id")+2+len("user")+len("u")) {
		t.Errorf("%d items of %d bytes", *table.ItemCount, *table.TableSizeBytes)
	}
	if table.BillingModeSummary.BillingMode != types.BillingModePayPerRequest || table.TableStatus != types.TableStatusActive {
		t.Errorf("billing %s, status %s", table.BillingModeSummary.BillingMode, table.TableStatus)
	}
	index := table.GlobalSecondaryIndexes[0]
	if *index.IndexName != "by-user" || *index.ItemCount != 1 || index.Projection.ProjectionType != types.ProjectionTypeKeysOnly {
		t.Errorf("index = %+v", index)
	}
	if _, err := client.DeleteTable(t.Context(), &sdk.DeleteTableInput{TableName: awssdk.String("orders")}); err != nil {
		t.Fatal(err)
	}
	_, err = client.DescribeTable(t.Context(), &sdk.DescribeTableInput{TableName: awssdk.String("orders")})
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found: Table: orders not found")
	_, err = client.DeleteTable(t.Context(), &sdk.DeleteTableInput{TableName: awssdk.String("orders")})
	wantError(t, err, "ResourceNotFoundException", "Requested resource not found: Table: orders not found")
}

func TestListTables(t *testing.T) {
	t.Parallel()
	var tables []Table
	for _, name := range []string{"bbb", "aaa", "ccc"} {
		tables = append(tables, Table{Name: name, PartitionKey: Key{Name: "id"}})
	}
	client := newClient(t, tables...)
	var pages [][]string
	p := sdk.NewListTablesPaginator(client, &sdk.ListTablesInput{Limit: awssdk.Int32(2)})
	for p.HasMorePages() {
		page, err := p.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, page.TableNames)
	}
	if diff := cmp.Diff([][]string{{"aaa", "bbb"}, {"ccc"}}, pages); diff != "" {
		t.Error(diff)
	}
}

func TestTablesThatAreRefused(t *testing.T) {
	t.Parallel()
	service := New(identity.New("000000000000", "us-east-1", "http://local", 1))
	if err := service.CreateTable(Table{Name: "orders", PartitionKey: Key{Name: "id"}}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		table Table
		want  string
	}{
		{"twice", Table{Name: "orders", PartitionKey: Key{Name: "id"}}, "ResourceInUseException: Table already exists: orders"},
		{"short name", Table{Name: "ab", PartitionKey: Key{Name: "id"}}, "ValidationException: TableName must be at least 3 characters long and at most 255 characters long, of a-z, A-Z, 0-9, _, - and ."},
		{"no key", Table{Name: "other"}, "ValidationException: No Hash Key specified in schema.  All Dynamo DB tables must have exactly one hash key"},
		{"one key twice", Table{Name: "other", PartitionKey: Key{Name: "id"}, SortKey: Key{Name: "id"}}, "ValidationException: Both the Hash Key and the Range Key element in the KeySchema have the same name"},
		{"type", Table{Name: "other", PartitionKey: Key{Name: "id", Type: "BOOL"}}, "ValidationException: 1 validation error detected: Value 'BOOL' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]"},
	} {
		if err := service.CreateTable(c.table); err == nil || err.Error() != c.want {
			t.Errorf("%s: error = %v, want %s", c.name, err, c.want)
		}
	}
}

func TestThroughputOnDemandIsRefused(t *testing.T) {
	t.Parallel()
	_, err := newClient(t).CreateTable(t.Context(), &sdk.CreateTableInput{
		TableName: awssdk.String("orders"), BillingMode: types.BillingModePayPerRequest,
		ProvisionedThroughput: &types.ProvisionedThroughput{ReadCapacityUnits: awssdk.Int64(5), WriteCapacityUnits: awssdk.Int64(5)},
		AttributeDefinitions:  []types.AttributeDefinition{{AttributeName: awssdk.String("id"), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:             []types.KeySchemaElement{{AttributeName: awssdk.String("id"), KeyType: types.KeyTypeHash}},
	})
	wantError(t, err, "ValidationException", "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
}

func TestOperationsThatAreNotThere(t *testing.T) {
	t.Parallel()
	_, err := newClient(t).ListBackups(t.Context(), &sdk.ListBackupsInput{})
	wantError(t, err, "UnknownOperationException", `The operation "ListBackups" is not implemented by the local AWS`)
}
