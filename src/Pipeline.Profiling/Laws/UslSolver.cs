namespace Pipeline.Profiling;

/// <summary>Least squares of the Universal Scalability Law with 0 &lt;= alpha &lt;= 1, beta &gt;= 0, gamma &gt; 0.</summary>
/// <remarks>Levenberg-Marquardt; steps are projected onto the bounds, and a parameter at a bound that the gradient pushes outward is held there.</remarks>
internal sealed class UslSolver
{
    private const double Smallest = 1e-12;
    private readonly double[] _workers;
    private readonly double[] _throughput;
    private readonly double[] _weight;
    private readonly double _scale;
    private readonly bool _coherency;
    private readonly bool _isRelative;

    public UslSolver(SeriesPoint[] points, UslWeighting weighting, bool coherency)
    {
        _coherency = coherency;
        _isRelative = weighting == UslWeighting.Relative;
        _workers = [.. points.Select(p => p.Workers)];
        _scale = points.Max(p => 1 / p.Seconds / p.Workers);
        _throughput = [.. points.Select(p => 1 / p.Seconds / _scale)];
        _weight = [.. _throughput.Select(x => _isRelative ? 1 / x : 1)];
    }

    public (double[] Parameters, double SumOfSquares) Solve()
    {
        double[][] starts = [[0.01, 0.0001, 1], [0.1, 0.001, 1], [0.5, 0.01, 1], [0, 0, 1], [0.02, 0.02, 1], [0.9, 0, 1]];
        double[] best = [];
        double least = double.PositiveInfinity;
        foreach (double[] start in starts)
        {
            if (!_coherency)
                start[1] = 0;
            (double[] found, double squares) = Descend(start);
            if (squares < least)
                (best, least) = (found, squares);
        }

        double unit = _isRelative ? 1 : _scale;
        return ([best[0], best[1], best[2] * _scale], least * unit * unit);
    }

    public UslStandardErrors StandardErrors(double[] parameters, double variance)
    {
        double[] scaled = [parameters[0], parameters[1], parameters[2] / _scale];
        (double[,] normal, _, _) = Linearize(scaled);
        double unit = _isRelative ? 1 : _scale;
        double[] errors = new double[3];
        int[] free = _coherency ? [0, 1, 2] : [0, 2];
        for (int k = 0; k < free.Length; k++)
        {
            double[] column = new double[free.Length];
            column[k] = 1;
            double[] inverse = SmallLinearSystem.Solve(Pick(normal, free, 0), column);
            errors[free[k]] = Math.Sqrt(Math.Max(0, inverse[k]) * variance) / unit;
        }

        return new UslStandardErrors(errors[0], errors[1], errors[2] * _scale);
    }

    private (double[] Parameters, double SumOfSquares) Descend(double[] start)
    {
        double[] at = start;
        double damping = 1e-3;
        (double[,] normal, double[] gradient, double squares) = Linearize(at);
        for (int iteration = 0; iteration < 500 && damping < 1e15; iteration++)
        {
            int[] free = [.. Enumerable.Range(0, 3).Where(k => IsFree(at, gradient, k))];
            if (free.Length == 0)
                break;
            double[] step = SmallLinearSystem.Solve(Pick(normal, free, damping), [.. free.Select(k => gradient[k])]);
            double[] next = [.. at];
            for (int k = 0; k < free.Length; k++)
                next[free[k]] += step[k];
            next = [Math.Clamp(next[0], 0, 1), Math.Max(next[1], 0), Math.Max(next[2], Smallest)];
            (double[,] nextNormal, double[] nextGradient, double nextSquares) = Linearize(next);
            if (nextSquares <= squares)
            {
                double moved = Enumerable.Range(0, 3).Max(k => Math.Abs(next[k] - at[k]) / (Math.Abs(at[k]) + 1e-9));
                (at, normal, gradient, squares) = (next, nextNormal, nextGradient, nextSquares);
                damping = Math.Max(damping / 10, 1e-15);
                if (moved < 1e-13)
                    break;
            }
            else
            {
                damping *= 10;
            }
        }

        return (at, squares);
    }

    private bool IsFree(double[] at, double[] gradient, int k) => k switch
    {
        0 => !((at[0] <= 0 && gradient[0] < 0) || (at[0] >= 1 && gradient[0] > 0)),
        1 => _coherency && !(at[1] <= 0 && gradient[1] < 0),
        _ => true,
    };

    private (double[,] Normal, double[] Gradient, double SumOfSquares) Linearize(double[] at)
    {
        double[,] normal = new double[3, 3];
        double[] gradient = new double[3];
        double squares = 0;
        for (int i = 0; i < _workers.Length; i++)
        {
            double n = _workers[i];
            double under = 1 + (at[0] * (n - 1)) + (at[1] * n * (n - 1));
            double model = at[2] * n / under;
            double[] row = [-model * (n - 1) / under * _weight[i], -model * n * (n - 1) / under * _weight[i], n / under * _weight[i]];
            double residual = (_throughput[i] - model) * _weight[i];
            squares += residual * residual;
            for (int j = 0; j < 3; j++)
            {
                gradient[j] += row[j] * residual;
                for (int k = 0; k < 3; k++)
                    normal[j, k] += row[j] * row[k];
            }
        }

        return (normal, gradient, squares);
    }

    private static double[,] Pick(double[,] normal, int[] free, double damping)
    {
        double[,] picked = new double[free.Length, free.Length];
        for (int j = 0; j < free.Length; j++)
        {
            for (int k = 0; k < free.Length; k++)
                picked[j, k] = normal[free[j], free[k]];
            picked[j, j] *= 1 + damping;
        }

        return picked;
    }
}
