namespace Pipeline.Profiling;

/// <summary>Gaussian elimination with pivoting for the two and three unknowns of a fit.</summary>
internal static class SmallLinearSystem
{
    /// <summary>Solves <c>matrix x = right</c>; a direction that the matrix does not determine gets 0.</summary>
    public static double[] Solve(double[,] matrix, double[] right)
    {
        int n = right.Length;
        double[,] a = (double[,])matrix.Clone();
        double[] b = [.. right];
        for (int column = 0; column < n; column++)
        {
            int pivot = column;
            for (int row = column + 1; row < n; row++)
            {
                if (Math.Abs(a[row, column]) > Math.Abs(a[pivot, column]))
                    pivot = row;
            }

            for (int k = 0; k < n; k++)
                (a[column, k], a[pivot, k]) = (a[pivot, k], a[column, k]);
            (b[column], b[pivot]) = (b[pivot], b[column]);
            if (a[column, column] == 0)
                continue;
            for (int row = column + 1; row < n; row++)
            {
                double factor = a[row, column] / a[column, column];
                for (int k = column; k < n; k++)
                    a[row, k] -= factor * a[column, k];
                b[row] -= factor * b[column];
            }
        }

        double[] x = new double[n];
        for (int row = n - 1; row >= 0; row--)
        {
            double rest = b[row];
            for (int k = row + 1; k < n; k++)
                rest -= a[row, k] * x[k];
            x[row] = a[row, row] == 0 ? 0 : rest / a[row, row];
        }

        return x;
    }
}
