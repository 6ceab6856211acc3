package order

import (
	"context"
	"slices"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"orderops/workflow"
)

// Size tells how large the table is. Asking costs no read units; DynamoDB counts
// anew about every six hours.
func (c *Client) Size(ctx context.Context) (workflow.TableSize, error) {
	out, err := c.dynamodb.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &c.table})
	if err != nil {
		return workflow.TableSize{}, workflow.ProblemOf(err, "dynamodb:DescribeTable", c.table)
	}
	return workflow.TableSize{
		Rows: awssdk.ToInt64(out.Table.ItemCount), Bytes: awssdk.ToInt64(out.Table.TableSizeBytes),
		ByDay: slices.ContainsFunc(out.Table.GlobalSecondaryIndexes, func(i types.GlobalSecondaryIndexDescription) bool {
			return awssdk.ToString(i.IndexName) == workflow.DayIndex
		}),
	}, nil
}
